using Forewarn.Contracts;
using Forewarn.Models;

namespace Forewarn.Predictor;

/// <summary>A model on trial beside the champion, and what this replica has seen of it. Deliveries count in parallel.</summary>
sealed class Challenger(LoadedModel model, ModelComparison trial, long countedSince)
{
    readonly Lock _gate = new();
    long _ticks;
    double _budgets;
    long _championOpenings;
    long _challengerOpenings;
    ScoreSums _scores;

    public LoadedModel Model => model;

    public bool IsOn(ModelInfo info) =>
        info.Version == model.Version && info.Comparison?.Since == trial.Since && info.Comparison.Against == trial.Against;

    /// <summary>Ticks of another champion, just before or after a swap, belong to another trial.</summary>
    public bool IsAgainst(string champion) => champion == trial.Against;

    /// <summary>The same model on another trial: counted anew.</summary>
    public Challenger On(ModelComparison next, long since) => new(model, next, since);

    public void Add(ComparedTicks more)
    {
        lock (_gate)
        {
            _ticks += more.Ticks;
            _budgets += more.Budgets;
            _championOpenings += more.ChampionOpenings;
            _challengerOpenings += more.ChallengerOpenings;
            _scores += more.Scores;
        }
    }

    public ShadowReport Report(string producer, long now)
    {
        lock (_gate)
        {
            return new ShadowReport
            {
                Producer = producer,
                CountedSince = countedSince,
                Challenger = model.Version,
                Champion = trial.Against,
                Trial = trial.Since,
                Ticks = _ticks,
                ChampionOpenings = _championOpenings,
                ChallengerOpenings = _challengerOpenings,
                FalseAlarmsPerWeek = _ticks > 0 ? _budgets / _ticks : 0,
                Scores = _scores,
                At = now,
            };
        }
    }
}

/// <summary>What one delivery adds to a comparison.</summary>
record struct ComparedTicks
{
    public int Ticks { get; set; }

    /// <summary>Sum over <see cref="Ticks"/> of what their entities may cause, false alarms a week: entities differ, so their mean is what a comparison was allowed.</summary>
    public double Budgets { get; set; }
    public int ChampionOpenings { get; set; }
    public int ChallengerOpenings { get; set; }
    public ScoreSums Scores { get; set; }
}
