using System.Collections.Concurrent;
using Forewarn.Contracts;

namespace Forewarn.Gateway.Tests;

/// <summary>Tells a gateway of entities and their metrics, and scrapes it.</summary>
sealed class Fleet(GatewayApp app)
{
    readonly ConcurrentDictionary<(string Entity, int CadenceMs), int> _ticks = new();

    public static readonly SeriesSchema Host = SeriesSchema.Of(
    [
        SeriesColumn.Of("system.cpu.utilization", "1", new Dictionary<string, string>(StringComparer.Ordinal) { ["state"] = "user" }),
        SeriesColumn.Of("system.filesystem.usage", "By", new Dictionary<string, string>(StringComparer.Ordinal) { ["mount.point"] = "C:\\data \"1\"" }, limit: 2e12),
    ]);

    public static Outlook Band(SeriesSchema schema, float low, float high, params IReadOnlyList<Forecast> forecasts) => new()
    {
        Lower = [.. schema.Columns.Select(_ => low)],
        Upper = [.. schema.Columns.Select(_ => high)],
        Forecasts = forecasts,
    };

    public static Forecast Breach(SeriesColumn column, double p60m = 0.9, double medianSeconds = 600) => new()
    {
        Series = column.Id,
        Limit = column.Limit ?? 1,
        P5m = 0.01,
        P15m = p60m / 2,
        P60m = p60m,
        MedianSeconds = medianSeconds,
        LowSeconds = medianSeconds / 2,
        HighSeconds = medianSeconds * 2,
    };

    /// <summary>An entity whose metrics are all at their number, and of which the rest is as <paramref name="change"/> says.</summary>
    public PredictionBatch Verdict(string entity, SeriesSchema schema, Func<PredictionTick, PredictionTick>? change = null, Outlook? outlook = null, int cadenceMs = 1_000)
    {
        app.Schemas[schema.Hash] = schema;
        // Every tick is a later one, though the clock may stand.
        var t = app.Now + _ticks.AddOrUpdate((entity, cadenceMs), 0, (_, last) => last + 1);
        var tick = new PredictionTick
        {
            T = t,
            Score = 0.25f,
            P = 0.5,
            Values = [.. Enumerable.Range(0, schema.Columns.Count).Select(i => (float)i)],
            Z = [.. schema.Columns.Select(_ => 0.5f)],
        };
        var whole = Samples.Verdict(entity, schema.Hash, t, [], cadenceMs: cadenceMs);
        return whole with { Ticks = [change?.Invoke(tick) ?? tick], Outlook = outlook };
    }

    public Task TellAsync(params IEnumerable<PredictionBatch> verdicts) => app.DeliverAsync(Topics.Predictions, ContractJson.Default.PredictionBatch, verdicts);

    public Task TellAsync(params IEnumerable<IncidentEvent> incidents) => app.DeliverAsync(Topics.Incidents, ContractJson.Default.IncidentEvent, incidents);

    public async Task<ScrapeReader> ScrapeAsync(string query = "") =>
        ScrapeReader.Read(await app.Client.GetStringAsync($"/metrics{query}", TestContext.Current.CancellationToken));
}
