using Forewarn.Contracts;
using Forewarn.History.Storage;

namespace Forewarn.History.Tests;

public sealed class OutlookTests : IAsyncLifetime
{
    HistoryApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await HistoryApp.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
    }

    [Fact]
    public async Task The_first_band_of_each_minute_and_cadence_is_kept_whatever_comes_again()
    {
        var schema = _app.Schema("cpu", "memory");
        PredictionBatch[] batches = [Batch(schema, 5, [1, 10], [2, 20]), Batch(schema, 15, [3, 30], [4, 40]), Batch(schema, 65, [5, 50], [6, 60]), Batch(schema, 0, [7, 70], [8, 80], cadence: 60_000)];

        await StoreAsync(batches);
        await StoreAsync(batches);
        await _app.AddReplicaAsync();
        await _app.Get<OutlookStore>(1).StoreAsync(batches, TestContext.Current.CancellationToken);

        (await BandsAsync()).ShouldBe("1 cpu 1..2, 1 memory 10..20, 1 cpu 5..6, 1 memory 50..60, 60 cpu 7..8, 60 memory 70..80");
    }

    [Fact]
    public async Task What_is_not_known_has_no_band_and_what_does_not_fit_its_schema_is_left_out()
    {
        var schema = _app.Schema("cpu", "memory");

        await StoreAsync([Batch(schema, 0, [float.NaN, 10], [float.NaN, 20]), Batch(schema, 60, [1], [2]), Batch(new SeriesSchema { Hash = "lost", Columns = [] }, 120, [], [])]);

        (await BandsAsync()).ShouldBe("1 memory 10..20");
    }

    [Fact]
    public async Task A_forecast_is_found_by_its_metric_with_the_time_to_its_limit()
    {
        var schema = _app.Schema("cpu", "disk");
        var forecast = new Forecast
        {
            Series = schema.Columns[1].Id,
            Limit = 0.9,
            P5m = 0.1,
            P15m = 0.5,
            P60m = 1,
            MedianSeconds = 900,
            LowSeconds = 600,
            HighSeconds = 1200,
        };

        await StoreAsync([Batch(schema, 0, [1, 10], [2, 20], forecast), Batch(schema, 60, [1, 10], [2, 20])]);

        (await _app.ScalarAsync<string>("""
            SELECT string_agg(concat_ws(' ', name, "limit", p5m, p15m, p60m, median_seconds, low_seconds, high_seconds, course), ', ') FROM history.forecasts
            """)).ShouldBe("disk 0.9 0.1 0.5 1 900 600 1200 ahead");
    }

    [Fact]
    public async Task Bands_go_when_their_minutes_go()
    {
        Needs.Native(_app);
        await StoreAsync([Batch(_app.Schema("cpu"), 0, [1], [2])]);
        (await _app.PartitionsAsync(Partitions.Outlooks)).ShouldContain("outlooks_20260310");

        await _app.KeepHouseAsync(TimeSpan.FromDays(89));
        (await BandsAsync()).ShouldBe("1 cpu 1..2");
        await _app.KeepHouseAsync(TimeSpan.FromDays(92));
        (await BandsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_band_older_than_is_kept_is_not_stored()
    {
        await StoreAsync([Batch(_app.Schema("cpu"), -91 * 86_400, [1], [2])]);

        (await BandsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_partition_that_vanished_behind_our_back_is_made_again_on_redelivery()
    {
        Needs.Native(_app);
        var batch = Batch(_app.Schema("cpu"), 0, [1], [2]);
        await _app.ExecuteAsync("DROP TABLE history.outlooks_20260310");
        await Should.ThrowAsync<Npgsql.PostgresException>(() => StoreAsync([batch]));

        await StoreAsync([batch]);

        (await BandsAsync()).ShouldBe("1 cpu 1..2");
    }

    Task StoreAsync(PredictionBatch[] batches) => _app.Get<OutlookStore>().StoreAsync(batches, TestContext.Current.CancellationToken);

    async Task<string> BandsAsync() => await _app.ScalarAsync<string>(
        "SELECT coalesce(string_agg(concat(cadence_ms / 1000, ' ', name, ' ', lower, '..', upper), ', ' ORDER BY cadence_ms, t, name), '') FROM history.bands");

    static PredictionBatch Batch(SeriesSchema schema, int second, float[] lower, float[] upper, Forecast? forecast = null, int cadence = 1_000) => new()
    {
        Entity = "web-1",
        Producer = "p",
        Seq = 1,
        Schema = schema.Hash,
        Model = "m",
        CadenceMs = cadence,
        Maturity = EntityMaturity.Warm,
        Ticks = [new PredictionTick { T = HistoryApp.At(second), Score = 0.1f, P = 0.5 }],
        Outlook = new Outlook { Lower = lower, Upper = upper, Forecasts = forecast is null ? [] : [forecast] },
    };
}
