using Forewarn.Models;

namespace Forewarn.Trainer.Tests.Simulation;

/// <summary>How many ticks of an entity had a p-value as small as a level.</summary>
/// <param name="forgotten">Share of its past that the calibration forgets from one tick to the next.</param>
sealed class PCount(double forgotten)
{
    /// <summary>What a prior may add to the scores that a calibration has counted.</summary>
    const double PriorScores = 300;

    readonly long[] _hits = new long[Levels.Count];
    double _counted;

    public static IReadOnlyList<double> Levels { get; } = [1e-2, 1e-3, 1.0 / 4000];

    public long Ticks { get; private set; }

    public IReadOnlyList<long> Hits => _hits;

    /// <summary>Ticks whose p-value lies beyond what could be counted, and does not say so.</summary>
    public long Unmarked { get; private set; }

    /// <summary>Ticks whose p-value says so.</summary>
    public long Extrapolated { get; private set; }

    /// <summary>Counts a tick of the past: no hit yet.</summary>
    public void Settle() => _counted = (_counted * (1 - forgotten)) + 1;

    public void Take(Verdict verdict)
    {
        Ticks++;
        for (var level = 0; level < _hits.Length; level++)
            _hits[level] += verdict.P <= Levels[level] ? 1 : 0;
        Extrapolated += verdict.Extrapolated ? 1 : 0;
        Unmarked += verdict.P < 1 / (_counted + PriorScores) && !verdict.Extrapolated ? 1 : 0;
        Settle();
    }
}
