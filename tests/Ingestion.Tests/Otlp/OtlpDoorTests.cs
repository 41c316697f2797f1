using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Forewarn.Contracts;
using Google.Protobuf;
using Grpc.Core;

namespace Forewarn.Ingestion.Tests.Otlp;

public sealed class OtlpDoorTests(RunningIngestion ingestion) : IClassFixture<RunningIngestion>
{
    readonly long _t0 = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 1000 * 1000 - 60_000;

    [Fact]
    public async Task A_gauge_over_gRPC_arrives_with_its_entity_labels_unit_and_time()
    {
        var metric = OtlpMessages.Gauge("queue.length", OtlpMessages.Point(_t0, 17, 0, ("queue", "mail")));
        metric.Unit = "{item}";

        var response = await OtlpMessages.ExportAsync(ingestion.OtlpGrpc, OtlpMessages.Request("grpc-gauge", metric));

        response.PartialSuccess.ShouldBeNull();
        var batch = ingestion.Sidecar.Raw.Single(batch => batch.Entity == "grpc-gauge");
        batch.Source.ShouldBe("otlp");
        batch.Rows.Single().T.ShouldBe(_t0);
        batch.Rows.Single().Values.ShouldBe([17]);
        var column = ingestion.Sidecar.Schema(batch.Schema).Columns.Single();
        (column.Name, column.Unit, column.Labels["queue"]).ShouldBe(("queue.length", "{item}", "mail"));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task The_same_over_HTTP_on_both_ports_plain_and_gzip(bool isPublic, bool isPacked)
    {
        var entity = $"http-{isPublic}-{isPacked}";
        var body = OtlpMessages.Request(entity, OtlpMessages.Gauge("level", OtlpMessages.Point(_t0, 2.5))).ToByteArray();
        using var http = new HttpClient { BaseAddress = isPublic ? ingestion.Http.BaseAddress : new Uri($"http://127.0.0.1:{ingestion.OtlpHttp}") };

        using var response = await http.PostAsync(isPacked ? Packed(body) : body, encoding: isPacked ? "gzip" : null);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/x-protobuf");
        (await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();
        Values(entity, "level").ShouldBe([2.5]);
    }

    [Fact]
    public async Task A_cumulative_sum_is_published_as_rate_a_delta_over_its_interval_and_one_that_may_fall_as_level()
    {
        foreach (var second in new[] { 0, 10, 20 })
        {
            var (t, counted) = (_t0 + (second * 1000), second * 7.0);
            await OtlpMessages.ExportAsync(ingestion.OtlpGrpc, OtlpMessages.Request("sums",
                OtlpMessages.Sum("counted", OtlpMessages.Cumulative, true, OtlpMessages.Point(t, counted, _t0 - 5000)),
                OtlpMessages.Sum("came", OtlpMessages.Delta, true, OtlpMessages.Point(t, 30, t - 10_000)),
                OtlpMessages.Sum("open", OtlpMessages.Cumulative, false, OtlpMessages.Point(t, -counted, _t0 - 5000))));
        }
        Values("sums", "counted").ShouldBe([7, 7]);
        Values("sums", "came").ShouldBe([3, 3, 3]);
        Values("sums", "open").ShouldBe([0, -70, -140]);
        Column("sums", "counted").Unit.ShouldBe("By/s");
        Column("sums", "came").Unit.ShouldBe("By/s");
        Column("sums", "open").Unit.ShouldBe("By");
    }

    [Fact]
    public async Task A_later_start_is_a_reset_and_points_that_come_again_or_late_change_nothing()
    {
        foreach (var (second, value, start) in new[] { (0, 100.0, 0), (10, 200, 0), (10, 200, 0), (5, 150, 0), (20, 250, 15), (30, 350, 15) })
        {
            await OtlpMessages.ExportAsync(ingestion.OtlpGrpc, OtlpMessages.Request("reset",
                OtlpMessages.Sum("n", OtlpMessages.Cumulative, true, OtlpMessages.Point(_t0 + (second * 1000), value, _t0 - 5000 + (start * 1000)))));
        }
        Values("reset", "n").ShouldBe([10, 25, 10]);
    }

    [Fact]
    public async Task A_restart_between_two_points_of_one_request_counts_from_its_place()
    {
        await OtlpMessages.ExportAsync(ingestion.OtlpGrpc, OtlpMessages.Request("within",
            OtlpMessages.Sum("n", OtlpMessages.Cumulative, true, OtlpMessages.Point(_t0, 1000, _t0 - 5000))));
        await OtlpMessages.ExportAsync(ingestion.OtlpGrpc, OtlpMessages.Request("within",
            OtlpMessages.Sum("n", OtlpMessages.Cumulative, true,
                OtlpMessages.Point(_t0 + 10_000, 1100, _t0 - 5000), OtlpMessages.Point(_t0 + 20_000, 1200, _t0 + 15_000), OtlpMessages.Point(_t0 + 30_000, 1230, _t0 + 15_000))));
        Values("within", "n").ShouldBe([10, 120, 3]);
    }

    [Fact]
    public async Task Single_points_that_cannot_be_taken_are_told_and_the_others_taken()
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var missing = OtlpMessages.Point(_t0, double.NaN, 0, ("k", "missing"));
        missing.Flags = 1;
        var response = await OtlpMessages.ExportAsync(ingestion.OtlpGrpc, OtlpMessages.Request("partial",
            OtlpMessages.Gauge("x",
                OtlpMessages.Point(_t0, 1, 0, ("k", "good")), OtlpMessages.Point(_t0, double.NaN, 0, ("k", "nan")), OtlpMessages.Point(now + 7_200_000, 1, 0, ("k", "ahead")),
                OtlpMessages.Point(now - (long)TimeSpan.FromDays(31).TotalMilliseconds, 1, 0, ("k", "old")), missing),
            OtlpMessages.Sum("y", AggregationTemporality.Unspecified, true, OtlpMessages.Point(_t0, 1))));

        response.PartialSuccess.RejectedDataPoints.ShouldBe(4);
        response.PartialSuccess.ErrorMessage.ShouldBe("4 of 6 data points were not taken: x has a value that is no finite number");
        Values("partial", "x").ShouldBe([1]);
    }

    [Fact]
    public async Task More_attributes_than_a_series_may_have_cost_the_last_of_them_and_are_told()
    {
        var attributes = Enumerable.Range(0, 20).Select(i => ($"a{i:00}", "v")).ToArray();
        var response = await OtlpMessages.ExportAsync(ingestion.OtlpGrpc,
            OtlpMessages.Request("wide", OtlpMessages.Gauge("x", OtlpMessages.Point(_t0, 1, 0, attributes))));

        response.PartialSuccess.RejectedDataPoints.ShouldBe(0);
        response.PartialSuccess.ErrorMessage.ShouldContain("20 attributes");
        Column("wide", "x").Labels.Keys.ShouldBe(attributes.Take(16).Select(attribute => attribute.Item1), ignoreOrder: true);
    }

    [Fact]
    public async Task Limits_cost_what_is_beyond_them_and_nothing_else()
    {
        await using var small = await RunningIngestion.StartAsync("--Ingestion:MaxSeriesPerEntity=2");
        var points = Enumerable.Range(0, 5).Select(i => OtlpMessages.Point(_t0, i, 0, ("i", $"{i}")));
        var response = await OtlpMessages.ExportAsync(small.OtlpGrpc, OtlpMessages.Request("few", OtlpMessages.Gauge("x", points)));

        response.PartialSuccess.RejectedDataPoints.ShouldBe(3);
        response.PartialSuccess.ErrorMessage.ShouldContain("INGESTION__MAXSERIESPERENTITY");
        small.Sidecar.Raw.Single().Rows.Single().Values.Length.ShouldBe(2);
        response = await OtlpMessages.ExportAsync(small.OtlpGrpc, OtlpMessages.Request("few",
            OtlpMessages.Histogram("h", OtlpMessages.Delta, OtlpMessages.Buckets(_t0, _t0 - 1000, 1, 1, 2, 3, 4))));
        response.PartialSuccess.RejectedDataPoints.ShouldBe(1, "the parts of a histogram are one point");

        // Another door has used up the entity's room.
        using var other = await small.PostAsync("""{"entity":"both","series":[{"name":"a"},{"name":"b"}],"rows":[{"values":[1,2]}]}""");
        other.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var both = OtlpMessages.Request("both", OtlpMessages.Gauge("x", OtlpMessages.Point(_t0, 1)));
        both.MergeFrom(OtlpMessages.Request("third", OtlpMessages.Gauge("x", OtlpMessages.Point(_t0, 1))));
        response = await OtlpMessages.ExportAsync(small.OtlpGrpc, both);
        response.PartialSuccess.RejectedDataPoints.ShouldBe(1);
        small.Sidecar.Raw.ShouldContain(batch => batch.Entity == "third");
    }

    [Fact]
    public async Task What_is_no_request_is_an_invalid_argument_with_details()
    {
        using var response = await ingestion.Http.PostAsync([0x0A, 0x05, 1]);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var status = Rpc.Status.Parser.ParseFrom(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        (status.Code, status.Message).ShouldBe((3, "the request is no ExportMetricsServiceRequest"));
        status.Details.Single().Unpack<Rpc.BadRequest>().FieldViolations.Single().Field.ShouldBe("the request");

        using var xml = await ingestion.Http.PostAsync([], "text/xml");
        xml.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        using var packed = await ingestion.Http.PostAsync([1, 2, 3], encoding: "gzip");
        packed.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var empty = await ingestion.Http.PostAsync([]);
        empty.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Traces_and_logs_are_not_taken()
    {
        foreach (var service in new[] { "trace.v1.TraceService", "logs.v1.LogsService" })
        {
            var refused = await Should.ThrowAsync<RpcException>(() => OtlpMessages.ExportAsync(ingestion.OtlpGrpc, new(), service: service));
            refused.StatusCode.ShouldBe(StatusCode.Unimplemented);
        }
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{ingestion.OtlpHttp}") };
        foreach (var path in new[] { "/v1/traces", "/v1/logs", "/v1/stats", "/v1/metrics/json", "/healthz/live", "/write" })
        {
            using var response = await http.PostAsync(path, null, TestContext.Current.CancellationToken);
            response.StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
        }
        using var appPort = await ingestion.AppPort.PostAsync([]);
        appPort.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task While_the_broker_is_away_the_client_is_told_to_come_again_and_no_rate_is_lost_or_doubled()
    {
        await using var own = await RunningIngestion.StartAsync();
        ExportMetricsServiceRequest At(int second) => OtlpMessages.Request("away",
            OtlpMessages.Sum("n", OtlpMessages.Cumulative, true, OtlpMessages.Point(_t0 + (second * 1000), second * 2, _t0)),
            OtlpMessages.Histogram("h", OtlpMessages.Cumulative, OtlpMessages.Buckets(_t0 + (second * 1000), _t0, second, (ulong)second, 0, 0, 0)));
        await OtlpMessages.ExportAsync(own.OtlpGrpc, At(10));
        own.Sidecar.Otherwise = Outcome.Lost;

        var refused = await Should.ThrowAsync<RpcException>(() => OtlpMessages.ExportAsync(own.OtlpGrpc, At(20)));

        refused.StatusCode.ShouldBe(StatusCode.Unavailable);
        var status = Rpc.Status.Parser.ParseFrom(refused.Trailers.GetValueBytes("grpc-status-details-bin"));
        status.Details.Single().Unpack<Rpc.RetryInfo>().RetryDelay.Seconds.ShouldBe(1);
        using (var response = await own.Http.PostAsync(At(20).ToByteArray()))
        {
            response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
            Rpc.Status.Parser.ParseFrom(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Message.ShouldContain("broker");
        }
        own.Sidecar.Otherwise = Outcome.Stored;
        await OtlpMessages.ExportAsync(own.OtlpGrpc, At(20));
        await OtlpMessages.ExportAsync(own.OtlpGrpc, At(30));

        Values("away", "n", own).ShouldBe([2, 2]);
        Values("away", "h.rate", own).ShouldBe([1, 1]);
    }

    [Fact]
    public async Task With_keys_only_who_has_one_comes_in_and_without_no_foreign_page()
    {
        await using var locked = await RunningIngestion.StartAsync(
            "--Ingestion:Keys:0:Name=tests", $"--Ingestion:Keys:0:Sha256={Convert.ToHexStringLower(SHA256.HashData("secret"u8))}");
        var request = OtlpMessages.Request("locked", OtlpMessages.Gauge("x", OtlpMessages.Point(_t0, 1)));

        (await Should.ThrowAsync<RpcException>(() => OtlpMessages.ExportAsync(locked.OtlpGrpc, request))).StatusCode.ShouldBe(StatusCode.Unauthenticated);
        await OtlpMessages.ExportAsync(locked.OtlpGrpc, request, new CallOptions([new("authorization", "Bearer secret")]));
        locked.Sidecar.Raw.Count.ShouldBe(1);

        using var foreign = new HttpRequestMessage(HttpMethod.Post, "/v1/metrics") { Headers = { Host = "evil.example" }, Content = new ByteArrayContent([]) };
        foreign.Content.Headers.ContentType = new("application/json");
        using var response = await ingestion.Http.SendAsync(foreign, TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("\"code\":7");
    }

    [Fact]
    public async Task Bodies_and_calls_beyond_the_limits_are_refused()
    {
        await using var small = await RunningIngestion.StartAsync("--Ingestion:MaxBodyBytes=2048", "--Ingestion:MaxConcurrentRequests=1");
        var large = OtlpMessages.Request(new string('x', 3000));
        (await Should.ThrowAsync<RpcException>(() => OtlpMessages.ExportAsync(small.OtlpGrpc, large))).StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        using var http = await small.Http.PostAsync(large.ToByteArray());
        http.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        using var bomb = await small.Http.PostAsync(Packed(new byte[1_000_000]), encoding: "gzip");
        bomb.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);

        using var place = small.Services.GetService(typeof(DoorGuard)).ShouldBeOfType<DoorGuard>().Enter();
        var busy = await Should.ThrowAsync<RpcException>(() => OtlpMessages.ExportAsync(small.OtlpGrpc, new()));
        busy.StatusCode.ShouldBe(StatusCode.Unavailable);
        using var busyToo = await small.Http.PostAsync([]);
        busyToo.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        busyToo.Headers.RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_port_that_another_program_has_costs_that_listener_only()
    {
        using var collector = new TcpListener(IPAddress.Loopback, 0);
        collector.Start();
        var port = ((IPEndPoint)collector.LocalEndpoint).Port;
        await using var beside = await RunningIngestion.StartAsync($"--Ingestion:Otlp:GrpcPort={port}");

        using var response = await beside.Http.PostAsync(OtlpMessages.Request("beside", OtlpMessages.Gauge("x", OtlpMessages.Point(_t0, 1))).ToByteArray());

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        beside.Services.GetService(typeof(OtlpListeners)).ShouldBeOfType<OtlpListeners>().Grpc.ShouldBeNull();
    }

    [Fact]
    public async Task A_call_whose_time_is_up_ends()
    {
        var options = new CallOptions(deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(-1));
        (await Should.ThrowAsync<RpcException>(() => OtlpMessages.ExportAsync(ingestion.OtlpGrpc, new(), options))).StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
    }

    static byte[] Packed(byte[] body)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(body);
        return packed.ToArray();
    }

    IEnumerable<double> Values(string entity, string name, RunningIngestion? of = null) => (of ?? ingestion).Sidecar.ValuesOf(entity, name);

    SeriesColumn Column(string entity, string name) =>
        ingestion.Sidecar.Raw.Where(batch => batch.Entity == entity).SelectMany(batch => ingestion.Sidecar.Schema(batch.Schema).Columns).First(column => column.Name == name);
}
