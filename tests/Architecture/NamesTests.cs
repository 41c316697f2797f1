using System.Reflection;
using Forewarn.Contracts;
using YamlDotNet.RepresentationModel;

namespace Forewarn.Architecture;

public sealed class NamesTests
{
    [Fact]
    public void The_apps_of_dapr_yaml_are_the_service_folders()
    {
        var apps = Items(Load("dapr.yaml").Single(), "apps").Select(app => (Id: Text(app, "appID"), Folder: Text(app, "appDirPath"))).ToList();

        apps.Select(app => app.Id).Order().ShouldBe(Repository.Services.Order());
        foreach (var (id, folder) in apps)
            folder.ShouldBe($"./services/{id}");
    }

    [Fact]
    public void App_ids_in_code_are_the_service_folders() => Constants(typeof(Apps)).Order().ShouldBe(Repository.Services.Order());

    [Fact]
    public void Topics_yaml_lists_the_topics_of_the_code()
    {
        var listed = Items(Load("components/topics.yaml").Single(), "topics").Select(topic => topic.ToString());

        listed.Order().ShouldBe(Constants(typeof(Topics)).Order());
    }

    [Fact]
    public void Every_component_the_code_names_exists_and_every_component_is_named_like_its_file()
    {
        var components = Repository.Files("components", "*.yaml")
            .SelectMany(file => Load(file).Select(document => (file, document)))
            .Where(entry => Text(entry.document, "kind") == "Component")
            .ToDictionary(entry => Text(entry.document["metadata"], "name"), entry => entry.file, StringComparer.Ordinal);

        components.Keys.Order().ShouldBe(Constants(typeof(Contracts.Components)).Order());
        foreach (var (name, file) in components)
            file.ShouldBe($"components/{name}.yaml");
    }

    [Fact]
    public void Public_ports_and_app_ports_of_dapr_yaml_do_not_collide()
    {
        var ports = Items(Load("dapr.yaml").Single(), "apps")
            .SelectMany(app => new[] { "appPort", "daprHTTPPort", "daprGRPCPort", "metricsPort" }.Select(key => Text(app, key)))
            .Concat(["7700", "7701"])
            .ToList();

        ports.ShouldBeUnique();
    }

    static IEnumerable<string> Constants(Type type) => type
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(field => field.IsLiteral)
        .Select(field => (string)field.GetRawConstantValue()!);

    static List<YamlMappingNode> Load(string file)
    {
        using var reader = new StreamReader(Repository.PathOf(file));
        var stream = new YamlStream();
        stream.Load(reader);
        return [.. stream.Documents.Select(document => (YamlMappingNode)document.RootNode)];
    }

    static IEnumerable<YamlNode> Items(YamlMappingNode node, string key) => ((YamlSequenceNode)node[key]).Children;

    static string Text(YamlNode node, string key) => ((YamlScalarNode)node[key]).Value!;
}
