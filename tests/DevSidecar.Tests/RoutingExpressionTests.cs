using System.Text.Json;
using DevSidecar.PubSub;

namespace DevSidecar.Tests;

public sealed class RoutingExpressionTests
{
    const string Event = """{"type":"heartbeat.v1","source":"a","data":{"cpu":91.5,"host":"web-1","ok":true,"tags":["x"]}}""";

    [Theory]
    [InlineData("event.type == \"heartbeat.v1\"", true)]
    [InlineData("event.type == 'other'", false)]
    [InlineData("event.type != \"other\"", true)]
    [InlineData("event.data.cpu > 90", true)]
    [InlineData("event.data.cpu <= 90", false)]
    [InlineData("event.data.host.startsWith(\"web\") && event.data.ok", true)]
    [InlineData("event.data.host.endsWith('2') || event.source == 'a'", true)]
    [InlineData("!(event.data.ok == true)", false)]
    [InlineData("event.type in [\"a\", \"heartbeat.v1\"]", true)]
    [InlineData("has(event.data.cpu) && !has(event.data.none)", true)]
    [InlineData("size(event.data.tags) == 1", true)]
    [InlineData("event.data.none == 1", false)]
    [InlineData("event[\"source\"] == 'a'", true)]
    public void An_expression_is_evaluated_on_the_envelope(string text, bool expected)
    {
        using var document = JsonDocument.Parse(Event);
        RoutingExpression.Compile(text, "here")(document.RootElement).ShouldBe(expected);
    }

    [Theory]
    [InlineData("event.type.matches('a.*')")]
    [InlineData("event.a + 1 == 2")]
    [InlineData("event.type ==")]
    [InlineData("timestamp(event.time) > 1")]
    public void What_is_not_supported_is_refused_and_named(string text)
    {
        var error = Should.Throw<SidecarConfigurationException>(() => RoutingExpression.Compile(text, "subscription 's'"));
        error.Message.ShouldContain("subscription 's'");
        error.Message.ShouldContain(text);
    }
}
