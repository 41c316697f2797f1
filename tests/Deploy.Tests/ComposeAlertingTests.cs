using System.Text.Json.Nodes;
using Forewarn.Alerting.Routing;
using Forewarn.Contracts;

namespace Forewarn.Deploy.Tests;

/// <summary>The configurations of alerting that compose mounts, read as alerting reads them.</summary>
public sealed class ComposeAlertingTests
{
    public static TheoryData<string, string> Files => new() { { "compose.yaml", "console email" }, { "verify.yaml", "console email webhook" } };

    [Theory]
    [MemberData(nameof(Files))]
    public void Alerting_finds_a_file_that_tells_of_everything_by_components_that_there_are(string compose, string channels)
    {
        var path = ComposeServices.EnvironmentOf("alerting")["ALERTING__CONFIGFILE"];
        var mount = ComposeServices.Texts(ComposeFile.Load(compose)["services"]!["alerting"]!.AsObject(), "volumes").Select(volume => volume.Split(':')).Single(parts => parts[1] == Path.GetDirectoryName(path));
        mount[2].ShouldBe("ro");

        var file = Path.Combine(ComposeFile.Folder, mount[0], Path.GetFileName(path));
        var config = AlertConfigFile.Parse(File.ReadAllText(file), file);

        config.Receivers.SelectMany(receiver => receiver.Targets).Select(target => target.Channel).Order(StringComparer.Ordinal).ShouldBe(channels.Split(' '));
        config.Routes.ShouldHaveSingleItem().Match.ShouldBeEquivalentTo(new AlertMatch());
        foreach (var (binding, type) in config.Receivers.SelectMany(receiver => receiver.Targets).Select(Binding).OfType<(string, string)>())
            Component(binding)["spec"]!["type"]!.ToString().ShouldBe(type);
    }

    static (string Name, string Type)? Binding(Target target) => target switch
    {
        EmailTarget email => (email.Binding, "bindings.smtp"),
        WebhookTarget webhook => (webhook.Binding, "bindings.http"),
        _ => null,
    };

    static JsonObject Component(string name) => (JsonObject)ComposeFile.ToJson(ComposeFile.Yaml(Path.Combine(Checkout.Root, "components", $"{name}.yaml")))!;
}
