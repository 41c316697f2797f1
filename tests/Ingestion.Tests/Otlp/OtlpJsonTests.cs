using System.Net;
using System.Text;
using System.Text.Json;

namespace Forewarn.Ingestion.Tests.Otlp;

/// <summary>Requests as people and browsers write them, in the form of the specification's examples.</summary>
public sealed class OtlpJsonTests(RunningIngestion ingestion) : IClassFixture<RunningIngestion>
{
    readonly long _t = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 1000 * 1000;

    [Fact]
    public async Task Every_kind_of_metric_is_taken()
    {
        using var response = await PostAsync(Request("json-kinds", _t));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/json");
        (await TextAsync(response)).ShouldBe("{}");
        Values("my.counter").ShouldBe([5]);
        Values("my.gauge").ShouldBe([10]);
        Values("my.whole").ShouldBe([-7]);
        Values("my.histogram.rate").ShouldBe([2]);
        Values("my.histogram.min").ShouldBe([0]);
        Values("my.histogram.max").ShouldBe([2]);
        Values("my.exponential.rate").ShouldBe([3]);
        ingestion.Sidecar.ValuesOf("json-kinds", "my.exponential.p99").Single().ShouldBeInRange(1, 2);

        IReadOnlyList<double> Values(string name) => ingestion.Sidecar.ValuesOf("json-kinds", name);
    }

    [Fact]
    public async Task What_was_not_taken_is_told_in_JSON()
    {
        using var response = await PostAsync(Request("json-old", _t - (long)TimeSpan.FromDays(40).TotalMilliseconds));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var answer = JsonDocument.Parse(await TextAsync(response));
        var partial = answer.RootElement.GetProperty("partialSuccess");
        partial.GetProperty("rejectedDataPoints").GetString().ShouldBe("5");
        partial.GetProperty("errorMessage").GetString().ShouldBe("5 of 5 data points were not taken: my.counter is older than 30 days");
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"resourceMetrics\":[{]}")]
    [InlineData("{\"resourceMetrics\":[{\"scopeMetrics\":\"none\"}]}")]
    [InlineData("{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{\"gauge\":{\"dataPoints\":[{\"timeUnixNano\":\"soon\"}]}}]}]}]}")]
    public async Task What_is_no_request_is_told_with_its_place(string json)
    {
        using var response = await PostAsync(json);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var status = JsonDocument.Parse(await TextAsync(response));
        status.RootElement.GetProperty("code").GetInt32().ShouldBe(3);
        status.RootElement.GetProperty("details")[0].GetProperty("@type").GetString().ShouldBe("type.googleapis.com/google.rpc.BadRequest");
    }

    Task<HttpResponseMessage> PostAsync(string json) => OtlpMessages.PostAsync(ingestion.Http, Encoding.UTF8.GetBytes(json), "application/json");

    static Task<string> TextAsync(HttpResponseMessage response) => response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    static string Request(string service, long t) =>
        $$"""
        {
          "resourceMetrics": [{
            "resource": { "attributes": [{ "key": "service.name", "value": { "stringValue": "{{service}}" } }] },
            "scopeMetrics": [{
              "scope": { "name": "my.library", "version": "1.0.0", "attributes": [{ "key": "my.scope.attribute", "value": { "stringValue": "some scope attribute" } }] },
              "metrics": [
                { "name": "my.counter", "unit": "1", "description": "I am a counter", "somethingNew": { "deep": [1, {}] },
                  "sum": { "aggregationTemporality": 1, "isMonotonic": true, "dataPoints": [
                    { "asDouble": 5, "startTimeUnixNano": "{{t - 1000}}000000", "timeUnixNano": "{{t}}000000",
                      "attributes": [{ "key": "my.counter.attr", "value": { "stringValue": "some value" } }] }] } },
                { "name": "my.gauge", "unit": "1", "gauge": { "dataPoints": [{ "asDouble": 10, "timeUnixNano": {{t}}000000 }] } },
                { "name": "my.whole", "unit": "1", "gauge": { "dataPoints": [{ "asInt": "-7", "timeUnixNano": "{{t}}000000" }] } },
                { "name": "my.histogram", "unit": "1",
                  "histogram": { "aggregationTemporality": 1, "dataPoints": [
                    { "startTimeUnixNano": "{{t - 1000}}000000", "timeUnixNano": "{{t}}000000", "count": "2", "sum": 2, "bucketCounts": ["1", "1"],
                      "explicitBounds": [1], "min": 0, "max": 2, "attributes": [] }] } },
                { "name": "my.exponential", "unit": "1",
                  "exponentialHistogram": { "aggregationTemporality": 1, "dataPoints": [
                    { "startTimeUnixNano": "{{t - 1000}}000000", "timeUnixNano": "{{t}}000000", "count": 3, "sum": 4.5, "scale": 0, "zeroCount": 1,
                      "positive": { "offset": 0, "bucketCounts": [2] }, "min": 0, "max": 2, "zeroThreshold": 0 }] } }
              ]
            }]
          }]
        }
        """;
}
