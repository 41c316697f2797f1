using System.Globalization;
using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;
using Forewarn.Testing;

namespace Forewarn.Simulator.Tests;

/// <summary>Faults of a host's resources and requests on many hosts and times of day, on the path that the predictor walks.</summary>
public sealed class DetectionTests(ITestOutputHelper output)
{
    const int HistorySeconds = 620;
    const int FaultSeconds = 45;
    const int Hosts = 24;
    static readonly DateTimeOffset Midnight = DateTimeOffset.Parse("2026-11-23T00:00:00Z", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("cpu-saturation", "isolation-forest")]
    [InlineData("latency-spike", "isolation-forest")]
    [InlineData("memory-leak", "isolation-forest")]
    [InlineData("disk-fill", "isolation-forest")]
    [InlineData("cpu-saturation", "autoencoder")]
    [InlineData("latency-spike", "autoencoder")]
    [InlineData("memory-leak", "autoencoder")]
    [InlineData("disk-fill", "autoencoder")]
    [InlineData("cpu-saturation", "half-space-trees")]
    [InlineData("latency-spike", "half-space-trees")]
    [InlineData("memory-leak", "half-space-trees")]
    [InlineData("disk-fill", "half-space-trees")]
    public void A_fault_is_found_on_every_host_while_it_lasts_and_hardly_ever_told_before(string name, string kind)
    {
        var fault = FaultCatalogue.Find(name)!;
        var model = FirstModel.Of(kind);
        var found = Enumerable.Range(0, Hosts).AsParallel().AsOrdered().Select(host => FirstFinding(fault, model, host)).ToList();

        foreach (var (seconds, summary, early, _) in found)
            output.WriteLine($"{seconds} s: {summary}{(early is null ? "" : $" (before: {early})")}");
        found.ShouldAllBe(first => first.Seconds >= 0);

        // Four host hours of their first minutes, where the budget is spent soonest.
        found.Count(first => first.Early is not null).ShouldBeLessThanOrEqualTo(1);
    }

    [Theory]
    [InlineData(120, 6)]
    [InlineData(170, 5)]
    [InlineData(220, 4)]
    public void Requests_that_take_longer_and_longer_are_told_before_they_take_three_times_as_long(int seconds, int factor)
    {
        var (fault, model) = (FaultCatalogue.Find("latency-creep")!, FirstModel.Of("isolation-forest"));
        var settings = FaultSettings.Defaults(fault).With(fault, "factor", factor.ToString(CultureInfo.InvariantCulture), out _);
        var found = Enumerable.Range(0, Hosts).AsParallel().AsOrdered().Select(host => FirstFinding(fault, model, host, settings, seconds)).ToList();
        var failure = found[0].Failure;
        output.WriteLine($"failure after {failure} s, told after {string.Join(' ', found.Select(first => first.Seconds))}");
        output.WriteLine(found[0].Summary);
        found.Count(first => first.Seconds >= 0 && first.Seconds < failure).ShouldBeGreaterThanOrEqualTo((int)Math.Ceiling(0.9 * Hosts));
        found.Count(first => first.Early is not null).ShouldBeLessThanOrEqualTo(1);
    }

    /// <summary>Seconds from the start of the fault to what is told first, negative when nothing was; what was told before it; and seconds to the failure.</summary>
    static (int Seconds, string Summary, string? Early, long? Failure) FirstFinding(
        Fault fault, FirstModel model, int host, FaultSettings? settings = null, int faultSeconds = FaultSeconds)
    {
        var start = Midnight.AddHours(host).ToUnixTimeMilliseconds();
        var fleet = new SimulatedFleet(new FleetPlan { First = $"sim-{fault.Name}", Hosts = 1 }, host);
        var injection = new Injection(fault, fleet.Hosts[0].Entity, start + HistorySeconds * 1000L, faultSeconds * 1000L)
        {
            Settings = settings ?? FaultSettings.Defaults(fault),
        };
        var failure = (injection.FailureMs - injection.StartMs) / 1000;
        var schema = SeriesSchema.Of([.. HostSchema.Series.Select(series => SeriesColumn.Of(series.Name, series.Unit!, series.Labels, series.Limit))]);
        var series = schema.Columns.Select(column => new SeriesFeatures(column.Unit)).ToArray();
        var detector = new EntityDetector(new DetectorOptions(), "first", model.Prior);
        var online = model.Online?.Invoke();
        var row = new float[RowSpec.Count];
        string? early = null;
        for (var second = 0; second < HistorySeconds + faultSeconds; second++)
        {
            var t = start + second * 1000L;
            var values = fleet.Next(t, injection)[0].Values;
            var features = new float[series.Length * FeatureSpec.Count];
            for (var i = 0; i < series.Length; i++)
                series[i].Update(t, values[i], features.AsSpan(i * FeatureSpec.Count, FeatureSpec.Count));
            var tick = new FeatureTick(t, features);
            EntityDetector.Prepare(tick, series.Length, row);
            var maturity = second < MaturityLevels.WarmSamples ? EntityMaturity.Cold : EntityMaturity.Warm;
            var verdict = detector.Decide(tick, schema, 1000, maturity, online?.Score(row) ?? model.Score(row));
            online?.Learn(row);
            if (verdict.Findings.Count == 0)
                continue;
            if (second >= HistorySeconds)
                return (second - HistorySeconds, verdict.Findings[0].Summary, early, failure);
            early ??= verdict.Findings[0].Summary;
        }
        return (int.MinValue, "missed", early, failure);
    }
}
