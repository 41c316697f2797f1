using System.Globalization;

namespace Forewarn.Deploy.Tests;

/// <summary>What a component lets an app publish, every broker and topic takes, wherever Forewarn runs.</summary>
public sealed class MessageSizeTests
{
    /// <summary>A batch as large as Dapr's client allows has a header, and each record a few bytes, that it does not count.</summary>
    const long Frame = 64 * 1024;

    static readonly long Allowed = Repository.Components.Select(one => one.Document["spec"]?["metadata"]?.AsArray()).OfType<System.Text.Json.Nodes.JsonArray>()
        .SelectMany(items => items).Where(item => (string?)item!["name"] == "maxMessageBytes").Max(item => Number((string)item!["value"]!));

    [Fact]
    public void The_broker_of_compose_takes_them_and_its_topics_say_nothing_else()
    {
        Number(ComposeServices.EnvironmentOf("kafka")["KAFKA_MESSAGE_MAX_BYTES"]).ShouldBeGreaterThan(Allowed + Frame);
        File.ReadAllText(Path.Combine(ComposeFile.Folder, "topics.sh")).ShouldNotContain("--config");
    }

    [Theory]
    [InlineData("")]
    [InlineData("components: { metadata: { telemetry: { maxMessageBytes: '8388608' } } }")]
    [InlineData("components: { metadata: { alerts: { maxMessageBytes: { value: '16777216' } } } }")]
    public async Task The_broker_and_the_topics_of_the_chart_take_them(string more)
    {
        var manifests = await Profiles.WithAsync($"kafka: {{ inside: {{ enabled: true }} }}\n{more}");
        var allowed = manifests.Where(manifest => manifest.Kind == "Component").SelectMany(manifest => manifest.Spec["metadata"]!.AsArray())
            .Where(item => (string?)item!["name"] == "maxMessageBytes").Max(item => Number((string)item!["value"]!));

        allowed.ShouldBeGreaterThanOrEqualTo(Allowed);
        foreach (var (kind, variable) in new[] { ("StatefulSet", "KAFKA_MESSAGE_MAX_BYTES"), ("Job", "MAX_MESSAGE_BYTES") })
        {
            var values = manifests.Where(manifest => manifest.Kind == kind).SelectMany(manifest => manifest.Containers).SelectMany(container => container["env"]!.AsArray())
                .Where(one => (string?)one!["name"] == variable).Select(one => Number((string)one!["value"]!));
            values.ShouldHaveSingleItem().ShouldBeInRange(allowed + Frame, allowed * 2, variable);
        }
    }

    [Fact]
    public async Task Another_limit_is_another_job_for_the_topics()
    {
        (await JobAsync("8388608")).ShouldNotBe(await JobAsync("9388608"), "a job cannot be changed");

        static async Task<string> JobAsync(string bytes) =>
            (await Profiles.WithAsync($"{{ kafka: {{ brokers: 'k:1' }}, components: {{ metadata: {{ telemetry: {{ maxMessageBytes: '{bytes}' }} }} }} }}")).Single(manifest => manifest.Kind == "Job").Name;
    }

    [Theory]
    [InlineData("docs/run-with-dapr.md", "message.max.bytes=")]
    [InlineData("docs/kubernetes.md", "max.message.bytes=")]
    public void The_guides_ask_for_enough(string guide, string setting)
    {
        var text = File.ReadAllText(Repository.PathOf(guide));
        var digits = text[(text.IndexOf(setting, StringComparison.Ordinal) + setting.Length)..].TakeWhile(char.IsAsciiDigit);
        Number(string.Concat(digits)).ShouldBeGreaterThan(Allowed + Frame);
    }

    static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
