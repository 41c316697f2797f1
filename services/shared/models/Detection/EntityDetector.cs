using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.Models;

/// <summary>
/// From features to decisions, for one entity on both cadences: the only place where a score becomes an alarm. Scoring
/// lies in between and is done in batches by the caller: <see cref="Prepare"/> makes the row, <see cref="Decide"/> takes
/// its score. Ticks of a cadence come in order. Not thread-safe.
/// </summary>
/// <remarks>
/// Everything found on one entity belongs to one episode and has one cause, <see cref="Cause"/>: a leak that is first
/// forecast and then makes the entity strange is one incident, whichever shows first; the kind says which it was.
/// </remarks>
public sealed class EntityDetector
{
    /// <summary>Cause of every detection on an entity's behaviour.</summary>
    public const string Cause = "behaviour";

    const byte CheckpointVersion = 1;
    const long RepeatMs = 1000;

    readonly CadenceDetector _ticks;
    readonly CadenceDetector _minutes;
    readonly BreachWatch _breaches;
    long _lastJoint = long.MinValue / 2;

    /// <param name="options">When a score is an alarm.</param>
    /// <param name="model">Version of the model whose scores come.</param>
    /// <param name="prior">Distribution of its scores on normal behaviour.</param>
    /// <param name="phase">Any number, different among entities: spreads their forecasts over the seconds.</param>
    public EntityDetector(DetectorOptions options, string model, CalibrationPrior prior, int phase = 0)
        : this(model, new CadenceDetector(CadenceRules.Ticks, options, prior), new CadenceDetector(CadenceRules.Minutes, options, prior), new BreachWatch(phase))
    {
    }

    EntityDetector(string model, CadenceDetector ticks, CadenceDetector minutes, BreachWatch breaches)
    {
        Model = model;
        _ticks = ticks;
        _minutes = minutes;
        _breaches = breaches;
    }

    /// <summary>Version of the model it is calibrated for.</summary>
    public string Model { get; private set; }

    /// <summary>Newest tick decided on, over both cadences; <see cref="long.MinValue"/> before the first.</summary>
    public long LastT => Math.Max(_ticks.LastT, _minutes.LastT);

    /// <summary>A decision is open on either cadence.</summary>
    public bool IsOpen => _ticks.IsOpen || _minutes.IsOpen;

    /// <summary>Where series with a limit are going.</summary>
    public IReadOnlyList<Forecast> Forecasts => _breaches.Forecasts;

    /// <summary>
    /// Takes the scores of another model from here on: with the calibration that it has learned in the shadow if it was
    /// there, else from its prior. Decisions and forecasts go on. The shadow must not be used any more.
    /// </summary>
    /// <returns>The calibration is the shadow's.</returns>
    public bool UseModel(string model, CalibrationPrior prior, ShadowDetector? shadow = null)
    {
        if (string.Equals(model, Model, StringComparison.Ordinal))
            return false;
        Model = model;
        if (string.Equals(shadow?.Model, model, StringComparison.Ordinal))
        {
            shadow!.HandOver(_ticks, _minutes);
            return true;
        }
        _ticks.Recalibrate(prior);
        _minutes.Recalibrate(prior);
        return false;
    }

    /// <summary>False for a tick that was decided on before, or overtaken.</summary>
    public bool IsNew(int cadenceMs, long t) => t > Of(cadenceMs).LastT;

    /// <summary>Fills the row that the model scores.</summary>
    /// <param name="tick">Features, columns x <see cref="FeatureSpec.Count"/>.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="row">At least <see cref="RowSpec.Count"/> long.</param>
    public static void Prepare(FeatureTick tick, int columns, Span<float> row)
    {
        ArgumentNullException.ThrowIfNull(tick);
        RowSpec.Fill(tick.Features, columns, row);
    }

    /// <summary>Decides about a tick whose row was scored.</summary>
    public Verdict Decide(FeatureTick tick, SeriesSchema schema, int cadenceMs, EntityMaturity maturity, float score)
    {
        ArgumentNullException.ThrowIfNull(tick);
        ArgumentNullException.ThrowIfNull(schema);
        var cadence = Of(cadenceMs);
        score = float.IsFinite(score) ? score : 0;
        var decision = cadence.Decide(tick.T, score, StrangenessOf(score, tick, schema), maturity == EntityMaturity.Cold);
        var alarm = cadence == _ticks ? _breaches.Add(tick.T, tick.Features, schema) : null;
        var findings = new List<Finding>(0);
        if (alarm is { } breach)
            findings.Add(FindingOf(breach, tick, schema));
        if (IsWorthTelling(cadence, decision, tick.T))
            findings.Add(FindingOf(cadence, decision, alarm, tick, schema));
        return new Verdict
        {
            Score = score,
            P = decision.Tail.P,
            Extrapolated = decision.Tail.Extrapolated,
            Anomalous = decision.IsOpen,
            Changed = decision.Change != DebounceChange.None,
            Findings = findings,
        };
    }

    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(CheckpointVersion);
        writer.Write(Model);
        writer.Write(_lastJoint);
        _ticks.Write(writer);
        _minutes.Write(writer);
        _breaches.Write(writer);
    }

    /// <param name="reader">Where <see cref="Write"/> wrote.</param>
    /// <param name="options">As for the constructor.</param>
    /// <param name="model">The model in use now, as for <see cref="UseModel"/> when the checkpoint is of another.</param>
    /// <param name="prior">Its prior.</param>
    /// <param name="shadow">What a challenger had learned by then.</param>
    /// <exception cref="InvalidDataException">The bytes are no checkpoint of this version.</exception>
    public static EntityDetector Read(BinaryReader reader, DetectorOptions options, string model, CalibrationPrior prior, ShadowDetector? shadow = null)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var version = reader.ReadByte();
        if (version != CheckpointVersion)
            throw new InvalidDataException($"A detector has version {version}, this program reads {CheckpointVersion}.");
        var written = reader.ReadString();
        var lastJoint = reader.ReadInt64();
        var detector = new EntityDetector(
            written,
            CadenceDetector.Read(reader, CadenceRules.Ticks, options, prior),
            CadenceDetector.Read(reader, CadenceRules.Minutes, options, prior),
            BreachWatch.Read(reader))
        {
            _lastJoint = lastJoint,
        };
        detector.UseModel(model, prior, shadow);
        return detector;
    }

    static float StrangenessOf(float score, FeatureTick tick, SeriesSchema schema)
    {
        Span<float> row = stackalloc float[RowSpec.Count];
        RowSpec.Fill(tick.Features, schema.Columns.Count, row);
        return Strangeness.Of(score, row);
    }

    CadenceDetector Of(int cadenceMs) => cadenceMs == CadenceRules.Minutes.CadenceMs ? _minutes : _ticks;

    bool IsWorthTelling(CadenceDetector cadence, ScoreDecision decision, long t)
    {
        if (!decision.IsOpen || !decision.Beyond)
            return false;

        // A minute comes to an end after its seconds were told: it must not open again what they have closed.
        if (cadence == _minutes)
            return _ticks.LastAlarmingT < t;
        if (t - _lastJoint < RepeatMs)
            return false;
        _lastJoint = t;
        return true;
    }

    static Finding FindingOf(BreachAlarm breach, FeatureTick tick, SeriesSchema schema)
    {
        var column = schema.Columns[breach.Column];
        var features = tick.Features.AsSpan(breach.Column * FeatureSpec.Count, FeatureSpec.Count);
        var contributor = Contributors.Of(column, new Contribution(
            breach.Column, features[FeatureSpec.Z], features[FeatureSpec.Value], features[FeatureSpec.Baseline], features[FeatureSpec.Scale]));
        return new Finding(
            DetectionKind.PredictedBreach, breach.Since, BreachSentence.Of(column, features[FeatureSpec.Value], breach.Forecast), [contributor], breach.Forecast);
    }

    static Finding FindingOf(CadenceDetector cadence, ScoreDecision decision, BreachAlarm? alarm, FeatureTick tick, SeriesSchema schema)
    {
        var contributors = Contributors.Top(tick.Features, schema, out var off);
        return new Finding(
            DetectionKind.Joint, cadence.Since, JointSentence.Of(contributors, off, decision.Tail), contributors, alarm?.Forecast);
    }
}
