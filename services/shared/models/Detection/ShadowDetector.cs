using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.Models;

/// <summary>What a silent model would have done with a tick.</summary>
/// <param name="Counts">The tick is compared: neither too young nor before the calibration has settled.</param>
/// <param name="Opened">It would have opened a decision on it.</param>
public readonly record struct ShadowVerdict(bool Counts, bool Opened);

/// <summary>
/// Decides about the scores of a silent model as <see cref="EntityDetector"/> does about the champion's, with the same
/// calibration, budget and debounce, and leaves out what only people need: findings, forecasts, checkpoints. Two
/// kilobytes per entity; a restart starts it anew. Ticks of a cadence come in order. Not thread-safe.
/// </summary>
/// <param name="options">When a score is an alarm: the champion's.</param>
/// <param name="model">Version of the silent model.</param>
/// <param name="prior">Distribution of its scores on normal behaviour.</param>
public sealed class ShadowDetector(DetectorOptions options, string model, CalibrationPrior prior)
{
    /// <summary>Ticks that only calibrate: the champion knows the entity already, and a comparison from the first one would be unfair.</summary>
    public const int SettleTicks = 600;

    readonly CadenceDetector _ticks = new(CadenceRules.Ticks, options, prior);
    readonly CadenceDetector _minutes = new(CadenceRules.Minutes, options, prior);
    int _seen;

    /// <summary>Version of the model whose scores it takes.</summary>
    public string Model => model;

    /// <param name="t">Event time, unix milliseconds.</param>
    /// <param name="cadenceMs">Milliseconds between ticks.</param>
    /// <param name="maturity">Of the entity.</param>
    /// <param name="score">The silent model's.</param>
    /// <param name="row">The row that it scored.</param>
    public ShadowVerdict Decide(long t, int cadenceMs, EntityMaturity maturity, float score, ReadOnlySpan<float> row)
    {
        var isCold = maturity == EntityMaturity.Cold;
        var isMinute = cadenceMs == CadenceRules.Minutes.CadenceMs;
        score = float.IsFinite(score) ? score : 0;
        var decision = (isMinute ? _minutes : _ticks).Decide(t, score, Strangeness.Of(score, row), isCold);
        if (!isCold && !isMinute && _seen <= SettleTicks)
            _seen++;
        return new(!isCold && _seen > SettleTicks, decision.Change == DebounceChange.Opened);
    }
}
