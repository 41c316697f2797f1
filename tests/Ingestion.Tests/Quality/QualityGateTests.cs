using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Forewarn.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace Forewarn.Ingestion.Tests;

/// <summary>From a sender's request to what the broker gets.</summary>
public sealed class QualityGateTests(RunningIngestion ingestion) : IClassFixture<RunningIngestion>
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_senders_that_count_under_one_name_are_told_as_a_detection_with_the_counter()
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        for (var i = 0; i < 8; i++)
            await SendAsync($$"""{"entity":"twins","series":[{"name":"jobs","type":"counter"}],"rows":[{"t":{{now - 60_000 + (i * 1000)}},"values":[{{(i % 2 == 0 ? 1000 + i : 10 + i)}}]}]}""");
        var detection = await ToldAsync("twins");
        detection.Kind.ShouldBe(DetectionKind.DataQuality);
        detection.Cause.ShouldBe("data-quality/counter");
        detection.Summary.ShouldContain("jobs has fallen 3 times");
        detection.StepMs.ShouldBe(QualityReporter.RepeatMs);
    }

    [Fact]
    public async Task Findings_are_listed_on_the_app_port_and_not_to_the_public()
    {
        for (var i = 0; i < 6; i++)
            await SendAsync("""{"entity":"percent","series":[{"name":"system.memory.utilization"}],"rows":[{"values":[45]}]}""");
        var findings = await ingestion.AppPort.GetFromJsonAsync<JsonArray>("/v1/quality", Ct);
        findings.ShouldNotBeNull().ShouldContain(finding => finding!["entity"]!.GetValue<string>() == "percent" && finding["check"]!.GetValue<string>() == "range");
        using var hidden = await ingestion.Http.GetAsync("/v1/quality", Ct);
        hidden.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Data_in_order_is_not_told()
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        for (var i = 0; i < 60; i++)
            await SendAsync(string.Create(CultureInfo.InvariantCulture, $$"""{"entity":"fine","series":[{"name":"jobs","type":"counter"},{"name":"a.utilization"}],"rows":[{"t":{{now - 60_000 + (i * 1000)}},"values":[{{i}},0.5]}]}"""));
        ingestion.Services.GetRequiredService<QualityReporter>().Current.ShouldNotContain(finding => finding.Entity == "fine");
    }

    [Fact]
    public async Task A_source_has_its_own_limit_of_series_and_others_are_not_hindered()
    {
        await using var limited = await RunningIngestion.StartAsync(
            "--Ingestion:Keys:0:Name=shop", $"--Ingestion:Keys:0:Sha256={Hash("one")}", "--Ingestion:Keys:0:MaxSeries=3",
            "--Ingestion:Keys:1:Name=lab", $"--Ingestion:Keys:1:Sha256={Hash("two")}");
        (await PostAsync(limited, "one", "a", 2)).ShouldBe(HttpStatusCode.Accepted);
        (await PostAsync(limited, "one", "b", 2)).ShouldBe(HttpStatusCode.TooManyRequests);
        (await PostAsync(limited, "one", "a", 2)).ShouldBe(HttpStatusCode.Accepted);
        (await PostAsync(limited, "two", "b", 2)).ShouldBe(HttpStatusCode.Accepted);
        limited.Services.GetRequiredService<QualityReporter>().Current.ShouldContain(finding => finding.Check == "limit" && finding.Summary.Contains("shop", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Series_that_a_door_refuses_are_told_with_their_entity_and_a_source_counts_at_every_door()
    {
        await using var limited = await RunningIngestion.StartAsync(
            "--Ingestion:MaxSeriesPerEntity=1", "--Ingestion:Keys:0:Name=shop", $"--Ingestion:Keys:0:Sha256={Hash("one")}", "--Ingestion:Keys:0:MaxSeries=2");
        limited.Http.DefaultRequestHeaders.Authorization = new("Bearer", "one");
        foreach (var (lines, status) in new[]
        {
            ("a value=1\nb value=1", HttpStatusCode.TooManyRequests),
            ("a,host=x value=1", HttpStatusCode.NoContent),
            ("a,host=y value=1", HttpStatusCode.NoContent),
            ("a,host=z value=1", HttpStatusCode.TooManyRequests),
        })
        {
            using var response = await limited.Http.PostAsync("/write", new StringContent(lines), Ct);
            response.StatusCode.ShouldBe(status, lines);
        }
        var findings = limited.Services.GetRequiredService<QualityReporter>().Current;
        findings.ShouldContain(finding => finding.Entity == "influx" && finding.Summary.Contains("MAXSERIESPERENTITY", StringComparison.Ordinal));
        findings.ShouldContain(finding => finding.Summary.Contains("source shop", StringComparison.Ordinal));
    }

    async Task<Detection> ToldAsync(string entity)
    {
        Detection? found = null;
        await Eventually.TrueAsync(() => (found = ingestion.Sidecar.Published.Where(message => message.Topic == Topics.Detections && message.Key == entity)
            .Select(message => JsonSerializer.Deserialize(message.Data, ContractJson.Default.Detection)).FirstOrDefault()) is not null, $"a detection of {entity}");
        return found!;
    }

    async Task SendAsync(string json)
    {
        using var response = await ingestion.PostAsync(json);
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    static async Task<HttpStatusCode> PostAsync(RunningIngestion limited, string key, string entity, int series)
    {
        limited.Http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        var columns = string.Join(',', Enumerable.Range(0, series).Select(i => $$"""{"name":"s{{i}}"}"""));
        var values = string.Join(',', Enumerable.Repeat("1", series));
        using var response = await limited.PostAsync($$"""{"entity":"{{entity}}","series":[{{columns}}],"rows":[{"values":[{{values}}]}]}""");
        return response.StatusCode;
    }

    static string Hash(string key) => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key)));
}
