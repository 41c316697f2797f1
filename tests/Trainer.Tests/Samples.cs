using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.Trainer.Tests;

static class Samples
{
    public static ModelInfo Model(string version, string trainedOn = "history", string group = "any") => new()
    {
        Version = version,
        State = ModelState.Candidate,
        Kind = "isolation-forest",
        Group = group,
        FeatureSpec = FeatureSpec.Version,
        RowSpec = RowSpec.Version,
        Sha256 = "",
        SizeBytes = 1,
        CreatedAt = 0,
        TrainedOn = trainedOn,
        Rows = 1,
    };

    /// <summary>A registry that these models have entered, one after another, a second apart.</summary>
    public static RegistryDocument Registry(params ModelInfo[] models) => models
        .Select((model, i) => (model, now: (i + 1) * 1000L))
        .Aggregate(new RegistryDocument(), (document, entry) => document.Enter(entry.model, entry.now));

    public static ShadowReport Report(Trial trial, long ticks, string producer = "p1", long countedSince = 0) => new()
    {
        Producer = producer,
        CountedSince = countedSince,
        Challenger = trial.Challenger,
        Champion = trial.Champion,
        Trial = trial.Since,
        Ticks = ticks,
        ChampionOpenings = ticks / 100,
        ChallengerOpenings = ticks / 200,
        FalseAlarmsPerWeek = 2,
        Scores = default,
        At = ticks,
    };
}
