using System.Net;
using System.Text;
using Forewarn.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace Forewarn.Ingestion.Tests;

public sealed class OutboxTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_measured_during_an_outage_arrives_after_it()
    {
        await using var ingestion = await RunningIngestion.StartAsync();
        var outbox = ingestion.Services.GetRequiredService<Outbox>();
        var schema = SeriesSchema.Of([SeriesColumn.Of("x", "1")]);
        ingestion.Sidecar.Otherwise = Outcome.Lost;
        for (var t = 1; t <= 5; t++)
            outbox.Add(new Submission("host", schema, [new MetricRow(t, [t])], Sources.Host));
        await Eventually.TrueAsync(() => ingestion.Services.GetRequiredService<IngestionStats>().Failure is not null, "the outage is noticed");

        ingestion.Sidecar.Otherwise = Outcome.Stored;
        await Eventually.TrueAsync(() => ingestion.Sidecar.Raw.SelectMany(batch => batch.Rows).Count() == 5, "all rows are there");
        ingestion.Sidecar.Raw.SelectMany(batch => batch.Rows).Select(row => row.T).ShouldBe([1, 2, 3, 4, 5]);
    }

    [Fact]
    public async Task The_host_is_published_once_a_second_on_whole_seconds()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc");
        await using var ingestion = await RunningIngestion.StartAsync("--Ingestion:Host:Enabled=true", "--Ingestion:Host:Entity=me");
        await Eventually.TrueAsync(() => ingestion.Sidecar.Raw.SelectMany(batch => batch.Rows).Count() >= 3, "three seconds are there");
        var rows = ingestion.Sidecar.Raw.SelectMany(batch => batch.Rows).ToList();
        rows.ShouldAllBe(row => row.T % 1000 == 0);
        rows.Select(row => row.T).ShouldBeUnique();
        ingestion.Sidecar.Raw[0].Entity.ShouldBe("me");
        ingestion.Sidecar.Raw[0].Source.ShouldBe("host");
    }

    [Fact]
    public async Task A_service_tells_its_own_request_latency_which_comes_back_through_the_subscription()
    {
        await using var ingestion = await RunningIngestion.StartAsync("--SelfMetrics:Enabled=true", "--SelfMetrics:IntervalSeconds=1", "--FOREWARN_REPLICA=2");
        (byte[] Data, double Rate) own = default;
        await Eventually.TrueAsync(async () =>
        {
            using var _ = await ingestion.PostAsync("[]");
            own = ingestion.Sidecar.Published.Where(message => message.Topic == Topics.MetricsExternal).Select(message => (message.Data, RateIn(message.Data))).LastOrDefault();
            return own.Rate > 0;
        }, "a request rate above zero is published");

        var delivery = """{"entries":[{"entryId":"1","event":{"data":""" + Encoding.UTF8.GetString(own.Data!)
            + """}},{"entryId":"2","event":{"data":{"entity":1}}}]}""";
        using var content = new StringContent(delivery, Encoding.UTF8, "application/json");
        using var response = await ingestion.AppPort.PostAsync("/subscriptions/telemetry/metrics.external", content, Token);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync(Token)).ShouldBe("""{"statuses":[{"entryId":"1","status":"SUCCESS"},{"entryId":"2","status":"SUCCESS"}]}""");

        var batch = ingestion.Sidecar.Raw.ShouldHaveSingleItem();
        batch.Entity.ShouldBe("forewarn/ingestion-2");
        batch.Source.ShouldBe("self");
        var columns = ingestion.Sidecar.Schema(batch.Schema).Columns.ToList();
        batch.Rows[0].Values[columns.FindIndex(column => column.Name == "http.server.request.duration.p99")].ShouldBeGreaterThan(0);
        var dead = ingestion.Sidecar.Published.Where(message => message.Topic == Topics.Dead(Topics.MetricsExternal)).ShouldHaveSingleItem();
        Encoding.UTF8.GetString(dead.Data).ShouldContain("$.entity must be a string");
    }

    static double RateIn(byte[] data) =>
        System.Text.Json.JsonDocument.Parse(data).RootElement.GetProperty("rows")[0].GetProperty("values")[0].GetDouble();
}
