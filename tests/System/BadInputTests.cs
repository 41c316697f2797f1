using System.Net;
using System.Text;
using System.Text.Json;

namespace Forewarn.SystemTests;

[Collection("1 crash")]
public sealed class BadInputTests
{
    [Fact]
    public async Task Bad_input_is_refused_with_field_and_reason_and_nothing_is_stored()
    {
        await using var platform = await Platform.StartAsync();
        using var http = new HttpClient { BaseAddress = platform.Door() };
        var now = DateTimeOffset.FromUnixTimeMilliseconds((await platform.TryStatusAsync())!.At);
        string Body(string entity, string series, string row) => $$"""{"entity":"{{entity}}","series":[{{series}}],"rows":[{{row}}]}""";
        const string good = """{"name":"queue.depth","unit":"{item}"}""";
        var cases = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["no json"] = "{",
            ["unknown field"] = """{"entity":"bad","series":[],"rows":[],"surprise":1}""",
            ["NaN"] = Body("bad", good, """{"values":[NaN]}"""),
            ["number as text"] = Body("bad", good, """{"values":["NaN"]}"""),
            ["a year ahead"] = Body("bad", good, $$"""{"t":{{now.AddYears(1).ToUnixTimeMilliseconds()}},"values":[1]}"""),
            ["a year ago"] = Body("bad", good, $$"""{"t":{{now.AddYears(-1).ToUnixTimeMilliseconds()}},"values":[1]}"""),
            ["control characters in a name"] = Body("bad", """{"name":"queue\u0007depth"}""", """{"values":[1]}"""),
            ["control characters in an entity"] = Body("b\\u0000d", good, """{"values":[1]}"""),
            ["wrong number of values"] = Body("bad", good, """{"values":[1,2]}"""),
        };
        foreach (var (name, body) in cases)
        {
            using var response = await http.PostAsync("/v1/metrics/json", new StringContent(body, Encoding.UTF8, "application/json"));
            ((int)response.StatusCode).ShouldBeInRange(400, 499, name);
            response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json", name);
            var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
            problem.GetProperty("field").GetString().ShouldNotBeNull(name);
            problem.GetProperty("reason").GetString().ShouldNotBeNullOrWhiteSpace(name);
        }
        using var large = await http.PostAsync("/v1/metrics/json", new ByteArrayContent(new byte[10_000_000]) { Headers = { ContentType = new("application/json") } });
        large.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);

        using var accepted = await http.PostAsync("/v1/metrics/json", new StringContent(Body("fine", good, """{"values":[1]}"""), Encoding.UTF8, "application/json"));
        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        using var dashboard = new HttpClient { BaseAddress = platform.Dashboard };
        await Eventually.Async("the good sample is stored and no bad one", TimeSpan.FromSeconds(15), async () =>
        {
            var entities = await dashboard.GetStringAsync("/api/entities");
            entities.ShouldNotContain("\"bad\"");
            return entities.Contains("\"fine\"", StringComparison.Ordinal);
        });
    }
}
