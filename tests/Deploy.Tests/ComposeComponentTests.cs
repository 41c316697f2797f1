using System.Text.Json.Nodes;

namespace Forewarn.Deploy.Tests;

/// <summary>Sidecars in compose load what embedded mode and the Dapr CLI load, and find everything that it refers to.</summary>
public sealed class ComposeComponentTests
{
    static readonly string Components = Path.Combine(Checkout.Root, "components");

    public static TheoryData<string> Apps => [.. ComposeServices.Apps];

    [Theory]
    [MemberData(nameof(Apps))]
    public void Every_variable_that_a_component_of_an_app_reads_is_set_for_its_sidecar(string app)
    {
        var given = ComposeServices.EnvironmentOf(ComposeServices.SidecarOf(app));

        References().Where(reference => reference.Scopes.Count == 0 || reference.Scopes.Contains(app)).Select(reference => reference.Variable)
            .Where(variable => !given.ContainsKey(variable)).ShouldBeEmpty();
    }

    [Fact]
    public void There_are_references_to_check() => References().Select(reference => reference.Variable).Distinct(StringComparer.Ordinal).Count().ShouldBeGreaterThan(4);

    [Theory]
    [MemberData(nameof(Apps))]
    public void Every_sidecar_loads_the_folder_that_the_run_template_names_unchanged(string app)
    {
        var sidecar = ComposeServices.SidecarOf(app);
        var mount = ComposeServices.Texts(ComposeServices.All[sidecar], "volumes").Select(volume => volume.Split(':')).Single(parts => parts[1] == ComposeServices.Flag(sidecar, "--resources-path"));

        Path.GetFullPath(Path.Combine(ComposeFile.Folder, mount[0])).ShouldBe(Components);
        mount[2].ShouldBe("ro");
        var template = (JsonObject)ComposeFile.ToJson(ComposeFile.Yaml(Path.Combine(Checkout.Root, "dapr.yaml")))!;
        template["common"]!["resourcesPaths"]!.AsArray().Select(path => Path.GetFullPath(path!.ToString(), Checkout.Root)).ShouldHaveSingleItem().ShouldBe(Components);
        // No second copy that could say something else.
        Kinds(ComposeFile.Folder).ShouldNotContain("Component");
        Kinds(ComposeFile.Folder).ShouldNotContain("Resiliency");
    }

    [Fact]
    public void The_folder_of_models_is_one_volume_for_all_that_have_the_store()
    {
        var scopes = Documents().Single(document => document["metadata"]!["name"]!.ToString() == "model-store")["scopes"]!.AsArray().Select(scope => scope!.ToString()).ToList();
        foreach (var app in ComposeServices.Apps)
        {
            var sidecar = ComposeServices.SidecarOf(app);
            var folder = ComposeServices.EnvironmentOf(sidecar).GetValueOrDefault("FOREWARN_MODEL_STORE");
            (folder is not null).ShouldBe(scopes.Contains(app), app);
            if (folder is not null)
                ComposeServices.Texts(ComposeServices.All[sidecar], "volumes").ShouldContain($"models:{folder}");
        }
    }

    [Fact]
    public void The_broker_forgets_before_history_forgets_publishers()
    {
        var hours = int.Parse(ComposeServices.EnvironmentOf("kafka")["KAFKA_LOG_RETENTION_HOURS"], System.Globalization.CultureInfo.InvariantCulture);

        hours.ShouldBeLessThan(24 * int.Parse(ConfigTable.DefaultOf("HISTORY__WATERMARKDAYS"), System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>Every <c>envRef</c> of every component, with the apps that load it; none = all.</summary>
    internal static IEnumerable<(string Variable, IReadOnlyList<string> Scopes)> References() =>
        from document in Documents()
        from item in Metadata(document)
        where item["envRef"] is not null
        select (item["envRef"]!.ToString(), (IReadOnlyList<string>)[.. (document["scopes"]?.AsArray() ?? []).Select(scope => scope!.ToString())]);

    static IEnumerable<JsonObject> Metadata(JsonObject document) => document["spec"]!["metadata"]!.AsArray().Select(item => item!.AsObject());

    static IEnumerable<JsonObject> Documents() => Directory.EnumerateFiles(Components, "*.yaml").SelectMany(ComposeFile.Documents)
        .Select(document => (JsonObject)ComposeFile.ToJson(document)!).Where(document => document["kind"]!.ToString() == "Component");

    static List<string> Kinds(string folder) => [.. Directory.EnumerateFiles(folder, "*.yaml").SelectMany(ComposeFile.Documents)
        .Select(document => ((JsonObject)ComposeFile.ToJson(document)!)["kind"]?.ToString() ?? "")];
}
