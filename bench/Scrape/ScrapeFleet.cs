using System.Text.Json;
using Forewarn.Contracts;

namespace Forewarn.Bench.Scrape;

/// <summary>Verdicts on a fleet as they come over the wire: every message with objects of its own.</summary>
sealed class ScrapeFleet(int entities, int series)
{
    const long Start = 1_773_144_000_000;

    readonly Random _random = new(1);

    /// <summary>Hosts that measure the same things share their columns.</summary>
    public SeriesSchema Schema { get; } = SeriesSchema.Of(
        [.. Enumerable.Range(0, series).Select(i => SeriesColumn.Of($"system.metric_{i / 5}.utilization", "1", new Dictionary<string, string>(StringComparer.Ordinal) { ["device"] = $"sd{(char)('a' + (i % 5))}" }, limit: 1))]);

    /// <summary>One verdict on every entity, with band; one entity in ten has a limit ahead.</summary>
    public IEnumerable<PredictionBatch> Verdicts(int cadenceMs, int tick)
    {
        for (var entity = 0; entity < entities; entity++)
        {
            var verdict = JsonSerializer.SerializeToUtf8Bytes(Verdict(entity, cadenceMs, tick), ContractJson.Default.PredictionBatch);
            yield return JsonSerializer.Deserialize(verdict, ContractJson.Default.PredictionBatch)!;
        }
    }

    PredictionBatch Verdict(int entity, int cadenceMs, int tick) => new()
    {
        Entity = $"web-{entity}.example.com",
        Producer = "0123456789abcdef",
        Seq = tick + 1,
        Schema = Schema.Hash,
        Model = "0123456789abcdef",
        CadenceMs = cadenceMs,
        Maturity = EntityMaturity.Warm,
        Ticks = [new PredictionTick { T = Start + ((long)tick * cadenceMs), Score = _random.NextSingle(), P = _random.NextDouble(), Values = Numbers(), Z = Numbers() }],
        Outlook = new Outlook { Lower = Numbers(), Upper = Numbers(), Forecasts = entity % 10 == 0 ? [Breach()] : [] },
    };

    Forecast Breach() => new()
    {
        Series = Schema.Columns[^1].Id,
        Limit = 1,
        P5m = _random.NextDouble(),
        P15m = _random.NextDouble(),
        P60m = _random.NextDouble(),
        MedianSeconds = _random.NextDouble() * 3600,
        LowSeconds = _random.NextDouble() * 3600,
        HighSeconds = _random.NextDouble() * 3600,
    };

    float[] Numbers() => [.. Enumerable.Range(0, series).Select(_ => _random.NextSingle())];
}
