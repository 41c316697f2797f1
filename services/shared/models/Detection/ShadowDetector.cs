using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.Models;

/// <summary>What a silent model would have done with a tick.</summary>
/// <param name="Counts">The tick is compared: neither too young nor before the calibration has settled.</param>
/// <param name="Opened">It would have opened a decision on it.</param>
public readonly record struct ShadowVerdict(bool Counts, bool Opened);

/// <summary>
/// Decides about the scores of a silent model as <see cref="EntityDetector"/> does about the champion's, with the same
/// calibration, budget and debounce, and leaves out what only people need: findings and forecasts. Two kilobytes per
/// entity. When its model becomes champion, the entity's detector goes on with what was learned here. Ticks of a cadence
/// come in order. Not thread-safe.
/// </summary>
public sealed class ShadowDetector
{
    /// <summary>Ticks that only calibrate: the champion knows the entity already, and a comparison from the first one would be unfair.</summary>
    public const int SettleTicks = 600;

    const byte CheckpointVersion = 1;

    readonly CalibrationPrior _prior;
    readonly CadenceDetector _ticks;
    readonly CadenceDetector _minutes;
    int _seen;

    /// <param name="options">When a score is an alarm: the champion's.</param>
    /// <param name="model">Version of the silent model.</param>
    /// <param name="prior">Distribution of its scores on normal behaviour.</param>
    public ShadowDetector(DetectorOptions options, string model, CalibrationPrior prior)
        : this(model, prior, new CadenceDetector(CadenceRules.Ticks, options, prior), new CadenceDetector(CadenceRules.Minutes, options, prior))
    {
    }

    ShadowDetector(string model, CalibrationPrior prior, CadenceDetector ticks, CadenceDetector minutes) =>
        (Model, _prior, _ticks, _minutes) = (model, prior, ticks, minutes);

    /// <summary>Version of the model whose scores it takes.</summary>
    public string Model { get; }

    /// <summary>As <see cref="EntityDetector.UseBudget"/>: a comparison is fair only at one budget.</summary>
    /// <param name="options">The champion's.</param>
    public void Use(DetectorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _ticks.Use(options);
        _minutes.Use(options);
    }

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

    /// <summary>The prior is written too: at the next start nobody may know the model any more.</summary>
    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(CheckpointVersion);
        writer.Write(Model);
        _prior.Write(writer);
        writer.Write(_seen);
        _ticks.Write(writer);
        _minutes.Write(writer);
    }

    /// <exception cref="InvalidDataException">The bytes are no checkpoint of this version.</exception>
    public static ShadowDetector Read(BinaryReader reader, DetectorOptions options)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var version = reader.ReadByte();
        if (version != CheckpointVersion)
            throw new InvalidDataException($"A shadow has version {version}, this program reads {CheckpointVersion}.");
        var (model, prior, seen) = (reader.ReadString(), CalibrationPrior.Read(reader), reader.ReadInt32());
        return new ShadowDetector(
            model, prior, CadenceDetector.Read(reader, CadenceRules.Ticks, options, prior), CadenceDetector.Read(reader, CadenceRules.Minutes, options, prior))
        {
            _seen = seen,
        };
    }

    internal void HandOver(CadenceDetector ticks, CadenceDetector minutes)
    {
        ticks.Recalibrate(_ticks);
        minutes.Recalibrate(_minutes);
    }
}
