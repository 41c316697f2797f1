using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using V1 = Forewarn.Ingestion.Tests.RemoteWrite1;
using V2 = Forewarn.Ingestion.Tests.RemoteWrite2;

namespace Forewarn.Ingestion.Tests;

public sealed class RemoteWriteDoorTests(RunningIngestion ingestion) : IClassFixture<RunningIngestion>
{
    const string Type2 = "application/x-protobuf;proto=io.prometheus.write.v2.Request";

    static CancellationToken Token => TestContext.Current.CancellationToken;

    static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    [Theory]
    [InlineData("application/x-protobuf")]
    [InlineData("application/x-protobuf;proto=prometheus.WriteRequest")]
    [InlineData("")]
    public async Task A_write_is_answered_when_the_broker_has_it_and_counters_become_rates(string type)
    {
        var (t, entity) = (Now, $"v1-{type.Length}");
        foreach (var (at, value) in new[] { (t, 100.0), (t + 500, 150), (t, 100), (t + 1000, 7) })
        {
            using var response = await PostAsync(ingestion, Write.Request1(Write.Series1($"a_bytes_total instance={entity}", (at, value))), type);
            response.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        }
        var batches = ingestion.Sidecar.Raw.Where(batch => batch.Entity == entity).ToList();
        batches.ShouldAllBe(batch => batch.Source == "remote-write");
        // A duplicate has no rate; a smaller value is a reset.
        batches.SelectMany(batch => batch.Rows).Select(row => (row.T - t, row.Values[0])).ShouldBe([(0, double.NaN), (500, 100), (0, double.NaN), (1000, 14)]);
        ingestion.Sidecar.Schema(batches[0].Schema).Columns[0].Unit.ShouldBe("By/s");
    }

    [Fact]
    public async Task The_second_version_is_told_what_was_written()
    {
        var request = new V2.Request();
        request.Series2("a instance=v2", PromType.Gauge, "", (Now, 1), (Now + 1, 2));
        request.Series2("h instance=v2", PromType.Histogram, "").Histograms.Add(new V2.Histogram { CountInt = 1, Sum = 2, Timestamp = Now });
        request.Series2("b_bucket instance=v2 le=1", PromType.Histogram, "", (Now, 1)).Exemplars.Add(new V2.Exemplar { Value = 1, Timestamp = Now });
        using var response = await PostAsync(ingestion, request, Type2);
        response.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        Written(response).ShouldBe(("2", "1", "0"));
    }

    [Fact]
    public async Task Of_a_partly_wrong_request_the_right_part_is_written_and_the_rest_not_sent_again()
    {
        using var response = await PostAsync(ingestion, Write.Request1(Write.Series1("a instance=part", (5, 1), (Now, 2))), "application/x-protobuf");
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        Written(response).ShouldBe(("1", "0", "0"));
        (await response.Content.ReadAsStringAsync(Token)).ShouldContain("1 samples, the first of which is older");
        ingestion.Sidecar.Raw.ShouldContain(batch => batch.Entity == "part");
    }

    [Fact]
    public async Task An_entity_that_is_full_does_not_keep_the_others_out()
    {
        await using var small = await RunningIngestion.StartAsync("--Ingestion:MaxSeriesPerEntity=2");
        using var json = await small.PostAsync("""{"entity":"full","series":[{"name":"x","unit":"1"},{"name":"y","unit":"1"}],"rows":[{"values":[1,2]}]}""");
        json.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        using var response = await PostAsync(small, Write.Request1(Write.Series1("a instance=full", (Now, 1)), Write.Series1("a instance=free", (Now, 2))), "application/x-protobuf");
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        Written(response).Samples.ShouldBe("1");
        (await response.Content.ReadAsStringAsync(Token)).ShouldContain("MAXSERIESPERENTITY");
        small.Sidecar.Raw.Select(batch => batch.Entity).ShouldBe(["full", "free"]);
    }

    [Theory]
    [InlineData("application/json", "snappy", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/x-protobuf;proto=io.prometheus.write.v3.Request", "snappy", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/x-protobuf", "gzip", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/x-protobuf", "snappy", HttpStatusCode.BadRequest)]
    public async Task What_cannot_be_read_is_refused_for_good(string type, string encoding, HttpStatusCode status)
    {
        using var response = await PostAsync(ingestion, [1, 2, 3, 4, 5], type, encoding);
        response.StatusCode.ShouldBe(status);
        response.Headers.RetryAfter.ShouldBeNull();
    }

    [Fact]
    public async Task While_the_broker_is_away_the_sender_is_asked_to_come_again_and_no_rate_is_lost()
    {
        await using var alone = await RunningIngestion.StartAsync();
        var t = Now;
        using var before = await PostAsync(alone, Write.Request1(Write.Series1("a_total instance=e", (t, 1))), "application/x-protobuf");
        alone.Sidecar.Otherwise = Outcome.Lost;
        var next = Write.Request1(Write.Series1("a_total instance=e", (t + 1000, 4)));
        using var away = await PostAsync(alone, next, "application/x-protobuf");
        away.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        away.Headers.RetryAfter.ShouldNotBeNull();
        Written(away).Samples.ShouldBe("0");
        alone.Sidecar.Otherwise = Outcome.Stored;
        using var again = await PostAsync(alone, next, "application/x-protobuf");
        again.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        alone.Sidecar.Raw[^1].Rows[0].Values.ShouldBe([3]);
    }

    static (string Samples, string Histograms, string Exemplars) Written(HttpResponseMessage response)
    {
        return (Header("Samples"), Header("Histograms"), Header("Exemplars"));

        string Header(string what) => response.Headers.GetValues($"X-Prometheus-Remote-Write-{what}-Written").Single();
    }

    static Task<HttpResponseMessage> PostAsync(RunningIngestion to, IMessage message, string type) => PostAsync(to, Write.Packed(message), type, "snappy");

    static async Task<HttpResponseMessage> PostAsync(RunningIngestion to, byte[] body, string type, string encoding)
    {
        using var content = new ByteArrayContent(body);
        if (type.Length > 0)
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        content.Headers.ContentEncoding.Add(encoding);
        return await to.Http.PostAsync("/api/v1/write", content, Token);
    }
}
