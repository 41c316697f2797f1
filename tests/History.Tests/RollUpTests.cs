using Forewarn.Contracts;
using Forewarn.History.Ranges;
using Forewarn.History.Storage;

namespace Forewarn.History.Tests;

public sealed class RollUpTests : IAsyncLifetime
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    HistoryApp _app = null!;
    SeriesSchema _schema = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await HistoryApp.StartAsync();
        _schema = _app.Schema("a", "b");
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
    }

    [Fact]
    public async Task People_see_min_max_mean_and_count_of_each_level()
    {
        await StoreAsync("e", 1, (0, 1), (5, 3), (9.999, double.NaN), (10, 10), (3_599, 30));

        await LaterAsync(TimeSpan.FromHours(2));

        (await RowsAsync("samples_10s", "e")).ShouldBe("12:00:00 1 3 2 2, 12:00:10 10 10 10 1, 12:59:50 30 30 30 1");
        (await RowsAsync("samples_1m", "e")).ShouldBe("12:00:00 1 10 4.666667 3, 12:59:00 30 30 30 1");
        (await RowsAsync("samples_1h", "e")).ShouldBe("12:00:00 1 30 11 4");
        (await _app.ScalarAsync<string>("SELECT DISTINCT name || unit || labels FROM history.samples_1h")).ShouldBe("a1{\"cpu\": \"0\"}");
    }

    /// <summary>A row takes 1.5 KB, a page holds five: twenty minutes of one entity lie on four pages, or on twenty among those of five others.</summary>
    [Fact]
    public async Task Minutes_of_a_complete_hour_lie_together_per_entity()
    {
        var wide = _app.Schema([.. Enumerable.Range(0, 50).Select(column => $"c{column}")]);
        for (var minute = 0; minute < 20; minute++)
        {
            await _app.StoreAsync(0, Enumerable.Range(0, 6).Select(entity => HistoryApp.Batch(
                wide, $"e{entity}", "p", minute + 1, new MetricRow(HistoryApp.At(minute * 60), [.. Enumerable.Range(0, 50).Select(column => entity + (column * 0.1) + minute)]))));
            _app.Time.Advance(TimeSpan.FromMinutes(1));
            await _app.RollUpAsync();
        }
        await LaterAsync(TimeSpan.FromMinutes(1));
        (await PagesOfOneAsync()).ShouldBeGreaterThan(15);
        var before = await ContentAsync();

        await LaterAsync(TimeSpan.FromHours(1));

        (await PagesOfOneAsync()).ShouldBeLessThanOrEqualTo(6);
        (await ContentAsync()).ShouldBe(before);
        (await _app.ScalarAsync<long>("SELECT count(*) FROM history.ticks_1h")).ShouldBe(6);

        Task<long> PagesOfOneAsync() => _app.ScalarAsync<long>("SELECT count(DISTINCT (ctid::text::point)[0]) FROM history.ticks_1m WHERE entity = (SELECT min(entity) FROM history.ticks_1m)");

        Task<string> ContentAsync() => _app.ScalarAsync<string>("SELECT count(*) || md5(string_agg(k::text, ',' ORDER BY entity, t)) FROM history.ticks_1m k");
    }

    [Fact]
    public async Task A_message_that_comes_again_is_counted_once_also_when_its_minute_is_rolled_up()
    {
        await StoreAsync("e", 1, (0, 1), (1, 2));
        await LaterAsync(TimeSpan.FromHours(2));

        await StoreAsync("e", 1, (0, 1), (1, 2));
        await LaterAsync(TimeSpan.FromMinutes(2));

        (await RowsAsync("samples_1h", "e")).ShouldBe("12:00:00 1 2 1.5 2");
    }

    [Fact]
    public async Task A_late_row_is_seen_at_once_and_rolled_up_with_the_next_minute()
    {
        await StoreAsync("e", 1, (0, 1), (1, 3));
        await LaterAsync(TimeSpan.FromHours(2));

        await StoreAsync("e", 2, (2, 8));

        (await MeansAsync("e", 0, 7_200, 3_600_000)).ShouldBe("0=4");
        await LaterAsync(TimeSpan.FromMinutes(2));
        (await RowsAsync("samples_1h", "e")).ShouldBe("12:00:00 1 8 4 3");
        (await RowsAsync("samples_10s", "e")).ShouldBe("12:00:00 1 8 4 3");
        (await _app.ScalarAsync<long>("SELECT count(*) FROM history.late")).ShouldBe(0);
    }

    [Fact]
    public async Task A_roll_up_that_fails_midway_counts_nothing_twice_and_hides_nothing()
    {
        await StoreAsync("e", 1, (130, 1), (131, 3), (200, 13));
        await _app.RefuseAsync("ticks_10s", "NEW.sums[1] = 13");
        _app.Time.Advance(TimeSpan.FromMinutes(10));
        await Should.ThrowAsync<Npgsql.PostgresException>(() => _app.RollUpAsync());
        (await MeansAsync("e", 120, 240, 60_000)).ShouldBe("120=2 180=13");

        await _app.ExecuteAsync("DROP TRIGGER broken ON history.ticks_10s");
        await _app.RollUpAsync();

        (await RowsAsync("samples_1m", "e")).ShouldBe("12:02:00 1 3 2 2, 12:03:00 13 13 13 1");
        (await MeansAsync("e", 120, 240, 60_000)).ShouldBe("120=2 180=13");
    }

    [Fact]
    public async Task What_was_stored_before_there_were_roll_ups_is_answered_and_rolled_up_backwards()
    {
        await StoreAsync("e", 1, (0, 1), (1, 3), (4_000, 7));
        await _app.StorePredictionsAsync(Verdicts("e", 1, (0, 0.5f, 0.4, false), (1, 0.9f, 1e-5, true)));
        await _app.ForgetRollUpsAsync();
        _app.Time.Advance(TimeSpan.FromHours(30));
        (await MeansAsync("e", 0, 7_200, 3_600_000)).ShouldBe("0=2 3600=7");

        await _app.RollUpAsync();

        (await RowsAsync("samples_1h", "e")).ShouldBe("12:00:00 1 3 2 2, 13:00:00 7 7 7 1");
        (await _app.ScalarAsync<string>("SELECT anomalies || ' ' || ticks || ' ' || p FROM history.scores_1h")).ShouldBe("1 2 1e-05");
        (await MeansAsync("e", 0, 7_200, 3_600_000)).ShouldBe("0=2 3600=7");
    }

    /// <summary>Hours that begin and end within a gap, days that hold nothing, and rows at both ends of an hour.</summary>
    [Fact]
    public async Task Backwards_only_what_holds_rows_is_gone_through()
    {
        await StoreAsync("e", 1, (0, 1), (3_599, 3), (5_000, 7));
        await StoreAsync("f", 1, (-20 * 86_400, 5), (-100_000, 9), (-99_000, 11));
        await _app.ForgetRollUpsAsync();
        _app.Time.Advance(TimeSpan.FromHours(30));

        var steps = await _app.CountStepsAsync(() => _app.RollUpAsync());

        steps.ShouldBeLessThan(60);
        (await RowsAsync("samples_1h", "e")).ShouldBe("12:00:00 1 3 2 2, 13:00:00 7 7 7 1");
        (await RowsAsync("samples_1h", "f")).ShouldBe("12:00:00 5 5 5 1, 08:00:00 9 11 10 2");
        (await MeansAsync("f", -21 * 86_400, 0, 3_600_000)).ShouldBe("-1728000=5 -100800=10");
    }

    [Fact]
    public async Task An_anomaly_survives_down_sampling()
    {
        await StoreAsync("e", 1, (0, 1));
        await _app.StorePredictionsAsync(
            Verdicts("e", 1, [.. Enumerable.Range(0, 3_600).Select(i => ((double)i, i == 1_234 ? 0.99f : 0.2f, i == 1_234 ? 1e-7 : 0.5, i == 1_234))]));

        await LaterAsync(TimeSpan.FromHours(2));
        await _app.ExecuteAsync("TRUNCATE history.predictions, history.predictions_packed");

        foreach (var step in new long[] { 10_000, 60_000, 3_600_000 })
        {
            var asked = RangeRequest.Parse("e", null, HistoryApp.At(0), HistoryApp.At(3_600), step, scores: true);
            var scores = (await _app.Get<RangeReader>().ReadAsync(asked, Token)).Scores.ShouldNotBeNull();
            scores.Anomalous.Count(anomalous => anomalous).ShouldBe(1);
            scores.P.Min().ShouldBe(1e-7);
            scores.P.Length.ShouldBe((int)(3_600_000 / step));
        }
        (await _app.ScalarAsync<string>("SELECT cadence_ms || ' ' || anomalies || ' ' || ticks FROM history.scores_1h")).ShouldBe("1000 1 3600");
    }

    [Fact]
    public async Task A_late_verdict_changes_its_buckets()
    {
        await StoreAsync("e", 1, (0, 1));
        await _app.StorePredictionsAsync(Verdicts("e", 1, (0, 0.2f, 0.5, false)));
        await LaterAsync(TimeSpan.FromHours(2));

        await _app.StorePredictionsAsync(Verdicts("e", 1, (0, 0.2f, 0.5, false)), Verdicts("e", 2, (1, 0.9f, 1e-6, true)));
        await LaterAsync(TimeSpan.FromMinutes(2));

        foreach (var view in new[] { "scores_10s", "scores_1m", "scores_1h" })
            (await _app.ScalarAsync<string>($"SELECT anomalies || ' ' || ticks || ' ' || p FROM history.{view}")).ShouldBe("1 2 1e-06");
    }

    [Fact]
    public async Task Each_level_is_kept_for_its_own_time_and_answers_when_finer_ones_are_gone()
    {
        await StoreAsync("e", 1, (0, 1), (61, 3), (3_600, 5));
        await LaterAsync(TimeSpan.FromHours(2));

        await _app.KeepHouseAsync(TimeSpan.FromDays(10));
        (await _app.ScalarAsync<long>("SELECT count(*) FROM history.samples_10s")).ShouldBe(0);
        (await MeansAsync("e", 0, 70, 10_000)).ShouldBe("0=1 60=3");

        await _app.KeepHouseAsync(TimeSpan.FromDays(40));
        (await _app.ScalarAsync<long>("SELECT count(*) FROM history.samples")).ShouldBe(0);
        (await MeansAsync("e", 0, 7_200, 10_000)).ShouldBe("0=1 60=3 3600=5");

        await _app.KeepHouseAsync(TimeSpan.FromDays(100));
        (await _app.ScalarAsync<long>("SELECT count(*) FROM history.samples_1m")).ShouldBe(0);
        (await MeansAsync("e", 0, 7_200, 60_000)).ShouldBe("0=2 3600=5");
    }

    /// <summary>Only what has partitions is gone through, two days ahead of the pause among it: day by day it would be 80 steps.</summary>
    [Fact]
    public async Task A_pause_of_weeks_is_passed_over_and_the_hour_in_which_it_began_completed()
    {
        await StoreAsync("e", 1, (60, 1), (130, 5));
        await LaterAsync(TimeSpan.FromMinutes(10));
        await StoreAsync("e", 2, (800, 9));
        _app.Time.Advance(TimeSpan.FromDays(20));
        await _app.Get<Housekeeping>().PrepareDaysAsync(Token);
        await _app.StoreAsync(0, Message("e", 3, ((20 * 86_400) - 60, 4)));

        var steps = await _app.CountStepsAsync(() => _app.RollUpAsync());

        steps.ShouldBeLessThan(30);
        (await _app.ScalarAsync<string>("SELECT string_agg(min || ' ' || max || ' ' || count, ', ' ORDER BY t) FROM history.samples_1h")).ShouldBe("1 9 3, 4 4 1");
        (await MeansAsync("e", (20 * 86_400) - 3_600, 20 * 86_400, 60_000)).ShouldBe("1727940=4");
    }

    [Fact]
    public async Task Hours_are_kept_by_the_month()
    {
        Needs.Native(_app);
        var partitions = _app.Get<Partitions>();
        (await _app.PartitionsAsync("ticks_1h")).ShouldBe(["ticks_1h_20260301"]);

        (await partitions.DropBeforeAsync("ticks_1h", new DateOnly(2026, 3, 31), Token)).ShouldBeEmpty();
        (await partitions.DropBeforeAsync("ticks_1h", new DateOnly(2026, 4, 1), Token)).ShouldBe(["ticks_1h_20260301"]);
    }

    [Fact]
    public async Task Rows_and_roll_ups_of_several_replicas_at_once_lose_and_double_nothing()
    {
        await _app.AddReplicaAsync();
        var seq = 0;
        for (var round = 0; round < 20; round++)
        {
            var late = Enumerable.Range(0, 20).Select(i => Message("e", ++seq, ((round * 65) - (i * 20) + 400, 1))).ToList();
            await Task.WhenAll(
                _app.StoreAsync(0, late), _app.StoreAsync(1, late.AsEnumerable().Reverse()), _app.RollUpAsync(0), _app.RollUpAsync(1));
            _app.Time.Advance(TimeSpan.FromSeconds(65));
        }

        await LaterAsync(TimeSpan.FromHours(2));

        foreach (var view in new[] { "samples_10s", "samples_1m", "samples_1h" })
            (await _app.ScalarAsync<long>($"SELECT sum(count)::bigint FROM history.{view} WHERE name = 'a'")).ShouldBe(seq);
    }

    async Task LaterAsync(TimeSpan pause)
    {
        _app.Time.Advance(pause);
        await _app.RollUpAsync();
    }

    /// <summary>Column "a" holds the values, "b" is never measured.</summary>
    MetricBatch Message(string entity, long seq, params (double Seconds, double Value)[] rows) =>
        HistoryApp.Batch(_schema, entity, "p", seq, [.. rows.Select(row => new MetricRow(HistoryApp.At(row.Seconds), [row.Value, double.NaN]))]);

    Task<StoredCount> StoreAsync(string entity, long seq, params (double, double)[] rows) => _app.StoreAsync(0, Message(entity, seq, rows));

    Task<string> MeansAsync(string entity, double from, double to, long step) => _app.MeansAsync(entity, _schema.Columns[0].Id, from, to, step);

    Task<string> RowsAsync(string view, string entity) => _app.ScalarAsync<string>($"""
        SELECT string_agg(to_char(t AT TIME ZONE 'UTC', 'HH24:MI:SS') || ' ' || min || ' ' || max || ' ' || round(mean::numeric, 6)::float8 || ' ' || count, ', ' ORDER BY t)
        FROM history.{view} WHERE entity = '{entity}'
        """);

    static PredictionBatch Verdicts(string entity, long seq, params (double Seconds, float Score, double P, bool Anomalous)[] ticks) => new()
    {
        Entity = entity,
        Producer = "p",
        Seq = seq,
        Schema = "s",
        Model = "m",
        CadenceMs = 1_000,
        Maturity = EntityMaturity.Warm,
        Ticks = [.. ticks.Select(tick => new PredictionTick { T = HistoryApp.At(tick.Seconds), Score = tick.Score, P = tick.P, Anomalous = tick.Anomalous })],
    };
}
