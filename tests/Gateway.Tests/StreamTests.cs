using System.Net;
using Forewarn.Contracts;
using Forewarn.Gateway.Live;

namespace Forewarn.Gateway.Tests;

public sealed class StreamTests : IAsyncLifetime
{
    static readonly SeriesSchema Schema = SeriesSchema.Of([SeriesColumn.Of("cpu", "1", limit: 1), SeriesColumn.Of("memory", "By")]);
    GatewayApp _app = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await GatewayApp.StartAsync("--Gateway:MaxStreams=2");
        _app.Schemas[Schema.Hash] = Schema;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task The_columns_come_once_before_the_first_tick_and_numbers_have_six_digits()
    {
        using var stream = await _app.StreamAsync("?entity=host");
        await ShowAsync(Samples.Verdict("host", Schema.Hash, 1_000, [1234567.8f, float.NaN]), Samples.Verdict("host", Schema.Hash, 2_000, [0.5f, 2]));

        var schema = await stream.NextNewsAsync();
        var first = await stream.NextNewsAsync();
        var second = await stream.NextNewsAsync();

        schema.Name.ShouldBe("schema");
        schema.Data.GetProperty("hash").GetString().ShouldBe(Schema.Hash);
        schema.Data.GetProperty("columns")[0].GetProperty("limit").GetDouble().ShouldBe(1);
        first.Name.ShouldBe("tick");
        first.Data.GetProperty("t").GetInt64().ShouldBe(1_000);
        first.Data.GetProperty("values").GetRawText().ShouldBe("[1.23457E+06,null]");
        first.Data.GetProperty("score").GetRawText().ShouldBe("0.123457");
        first.Data.GetProperty("p").GetRawText().ShouldBe("1.23457E-09");
        first.Data.GetProperty("maturity").GetString().ShouldBe("warming");
        second.Name.ShouldBe("tick");
        second.Data.GetProperty("t").GetInt64().ShouldBe(2_000);
    }

    [Fact]
    public async Task Ticks_go_to_those_who_watch_the_entity_and_repeats_to_nobody()
    {
        using var stream = await _app.StreamAsync("?entity=host");
        await ShowAsync(Samples.Verdict("other", Schema.Hash, 1_000, [1, 2]), Samples.Verdict("host", Schema.Hash, 1_000, [1, 2]));
        await ShowAsync(Samples.Verdict("host", Schema.Hash, 1_000, [1, 2]), Samples.Verdict("host", Schema.Hash, 2_000, [1, 2]));

        (await stream.NextNewsAsync()).Name.ShouldBe("schema");
        (await stream.NextNewsAsync()).Data.GetProperty("t").GetInt64().ShouldBe(1_000);
        (await stream.NextNewsAsync()).Data.GetProperty("t").GetInt64().ShouldBe(2_000);
    }

    [Fact]
    public async Task An_outlook_follows_its_tick()
    {
        using var stream = await _app.StreamAsync("?entity=host");
        var forecast = new Forecast { Series = "s", Limit = 1, P5m = 0.1, P15m = 0.2, P60m = 0.3, MedianSeconds = 1234567, LowSeconds = 1, HighSeconds = 2 };
        await ShowAsync(Samples.Verdict("host", Schema.Hash, 1_000, [1, 2]) with { Outlook = new Outlook { Lower = [0, float.NaN], Upper = [1, 2], Forecasts = [forecast] } });

        (await stream.NextNewsAsync()).Name.ShouldBe("schema");
        (await stream.NextNewsAsync()).Name.ShouldBe("tick");
        var outlook = await stream.NextNewsAsync();
        outlook.Name.ShouldBe("outlook");
        outlook.Data.GetProperty("lower").GetRawText().ShouldBe("[0,null]");
        outlook.Data.GetProperty("forecasts")[0].GetProperty("medianSeconds").GetRawText().ShouldBe("1.23457E+06");
    }

    [Fact]
    public async Task After_a_reconnect_the_missed_events_come_and_those_seen_do_not()
    {
        long? seen;
        using (var before = await _app.StreamAsync())
        {
            await TellAsync(Samples.Incident("a", 1));
            (_, _, seen) = await before.NextNewsAsync();
        }
        await TellAsync(Samples.Incident("a", 2, IncidentStatus.Resolved), Samples.Incident("a", 1), Samples.Incident("b", 1));
        await _app.DeliverAsync(Topics.Jobs, ContractJson.Default.JobEvent,
            new JobEvent { Id = "j", Kind = "train", Status = JobStatus.Running, Progress = 0.5, Message = "growing trees", At = 1 });

        using var after = await _app.StreamAsync(lastEventId: seen.ShouldNotBeNull());

        var missed = new List<(string Name, string? What, long? Id)>();
        while (missed.Count < 3)
        {
            var (name, data, id) = await after.NextNewsAsync();
            missed.Add((name, data.GetProperty("id").GetString(), id));
        }
        missed.Select(one => $"{one.Name} {one.What}").ShouldBe(["incident a", "incident b", "job j"]);
        missed.Select(one => one.Id!.Value).Prepend(seen!.Value).ShouldBeInOrder();
    }

    [Fact]
    public async Task A_quiet_stream_gets_a_heartbeat_every_fifteen_seconds()
    {
        using var stream = await _app.StreamAsync();
        _app.Time.Advance(TimeSpan.FromSeconds(15));

        while ((await stream.NextAsync()).Name is var name && name != ":")
            name.ShouldBe("status");
    }

    [Fact]
    public async Task One_stream_too_many_is_refused_and_a_closed_one_makes_room()
    {
        using var one = await _app.StreamAsync();
        using (await _app.StreamAsync())
        {
            using var refused = await _app.Client.GetAsync("/api/stream", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            refused.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        }
        HttpStatusCode status;
        do
        {
            using var again = await _app.Client.GetAsync("/api/stream", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            status = again.StatusCode;
        }
        while (status == HttpStatusCode.ServiceUnavailable && !TestContext.Current.CancellationToken.IsCancellationRequested);
        status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_slow_reader_loses_the_oldest_ticks_and_no_event()
    {
        var client = new StreamClient("host");
        for (var i = 0; i < 500; i++)
            client.Send(Frame.Of("tick", System.Text.Encoding.ASCII.GetBytes($"{i}"), mayBeLost: true));
        client.SendSchema("s", Frame.Of("schema", "0"u8));
        client.SendSchema("s", Frame.Of("schema", "0"u8));

        var waiting = await client.TakeAsync(TestContext.Current.CancellationToken);

        Text(waiting[0]).ShouldStartWith("event: schema");
        waiting.Count.ShouldBe(121);
        Text(waiting[1]).ShouldContain("data: 380\n");
        Text(waiting[^1]).ShouldContain("data: 499\n");
        client.Dropped.ShouldBe(380);
        client.Overrun.ShouldBeFalse();
    }

    [Fact]
    public async Task A_reader_that_never_takes_its_events_is_let_go()
    {
        var client = new StreamClient(null);
        for (var i = 0; i < 2_000; i++)
            client.Send(Frame.Of("incident", "0"u8, id: i));

        client.Overrun.ShouldBeTrue();
        (await client.TakeAsync(TestContext.Current.CancellationToken)).Count.ShouldBe(1_024);
    }

    [Fact]
    public async Task Publishing_never_waits_for_a_browser_that_does_not_read()
    {
        using var stuck = await _app.StreamAsync("?entity=host");
        var values = new float[2_000];
        for (var i = 1; i <= 300; i++)
            await ShowAsync(Samples.Verdict("host", Schema.Hash, i * 1_000L, values));

        using var healthy = await _app.StreamAsync("?entity=host");
        await ShowAsync(Samples.Verdict("host", Schema.Hash, 999_000, values));

        (await healthy.NextNewsAsync()).Name.ShouldBe("schema");
        (await healthy.NextNewsAsync()).Data.GetProperty("t").GetInt64().ShouldBe(999_000);
    }

    Task ShowAsync(params PredictionBatch[] batches) => _app.DeliverAsync(Topics.Predictions, ContractJson.Default.PredictionBatch, batches);

    Task TellAsync(params IncidentEvent[] incidents) => _app.DeliverAsync(Topics.Incidents, ContractJson.Default.IncidentEvent, incidents);

    static string Text(Frame frame) => System.Text.Encoding.UTF8.GetString(frame.Bytes.Span);
}
