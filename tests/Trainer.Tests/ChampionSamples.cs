using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;

namespace Forewarn.Trainer.Tests;

/// <summary>What predictors tell of a champion, and what it learned.</summary>
static class ChampionSamples
{
    /// <summary>An hour of champion <c>a</c> since 1: a tick a second, all in the first bin.</summary>
    public static ChampionReport Champion(string producer, long hour, long ticks, IReadOnlyList<string>? opened = null) => new()
    {
        Producer = producer,
        Model = "a",
        ChampionAt = 1,
        Hour = hour,
        WatchedMs = ticks * 1000,
        Ticks = ticks,
        Features = [[ticks, 0], [ticks]],
        Scores = [ticks, 0, 0],
        Opened = opened ?? [],
        FalseAlarmsPerWeek = 2,
        At = hour,
    };

    /// <summary>What a training on some rows would leave behind.</summary>
    public static ModelManifest Manifest()
    {
        var rows = Rows(5000, seed: 1, shift: 0);
        return new ModelManifest
        {
            Version = "0123456789abcdef",
            Sha256 = "",
            SizeBytes = 1,
            Parts = [],
            Kind = "isolation-forest",
            Group = "any",
            FeatureSpec = FeatureSpec.Version,
            RowSpec = RowSpec.Version,
            FeatureNames = RowSpec.Names,
            Training = new TrainingRecord { Source = "history", Rows = 5000 },
            Prior = CalibrationPrior.FromScores(Scores(rows)),
            Reference = ReferenceHistogram.FromRows(rows, RowSpec.Count),
            CreatedAt = 0,
            CodeVersion = "test",
        };
    }

    /// <summary>A thousand ticks an hour like those it was trained on, or shifted away from them.</summary>
    public static ChampionSum Met(ModelManifest manifest, int hours, float shift) =>
        hours == 0 ? ChampionSum.Empty : new DriftDocument().Count(
            [.. Enumerable.Range(0, hours).Select(hour => Report(manifest, "p1", hour * 3_600_000L, shift))])!.Sum(manifest.Version, 1, 0);

    /// <summary>What a predictor counts of a thousand ticks in one hour.</summary>
    public static ChampionReport Report(ModelManifest manifest, string producer, long hour, float shift)
    {
        var rows = Rows(1000, seed: hour + 2, shift);
        var score = ReferenceHistogram.FromPrior(manifest.Prior);
        return Champion(producer, hour, ticks: 1000) with
        {
            Model = manifest.Version,
            Features = [.. manifest.Reference.Select((reference, column) => Bins(reference, Enumerable.Range(0, 1000).Select(row => rows[(row * RowSpec.Count) + column])))],
            Scores = Bins(score, Scores(rows)),
        };
    }

    /// <summary>A thousand ticks spread over the bins as what was learned was, or all moved into the last ones.</summary>
    public static ChampionReport Learned(ModelManifest manifest, string producer, long hour, float shift)
    {
        return Champion(producer, hour, ticks: 1000) with
        {
            Model = manifest.Version,
            Features = [.. manifest.Reference.Select(Spread)],
            Scores = Spread(ReferenceHistogram.FromPrior(manifest.Prior)),
        };

        long[] Spread(ReferenceHistogram reference) => shift == 0
            ? [.. reference.Shares.Select(share => (long)Math.Round(share * 1000))]
            : [.. reference.Shares.Select((_, bin) => bin == reference.Shares.Length - 1 ? 1000L : 0)];
    }

    static long[] Bins(ReferenceHistogram reference, IEnumerable<float> values)
    {
        var bins = new long[reference.Shares.Length];
        foreach (var value in values)
            bins[reference.BinOf(value)]++;
        return bins;
    }

    // Any score that grows with the row does.
    static float[] Scores(float[] rows) => [.. Enumerable.Range(0, rows.Length / RowSpec.Count).Select(row => 0.5f + (0.1f * rows.AsSpan(row * RowSpec.Count, RowSpec.Count).ToArray().Average()))];

    static float[] Rows(int count, long seed, float shift)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, count * RowSpec.Count).Select(_ => (float)random.NextGaussian() + shift)];
    }
}
