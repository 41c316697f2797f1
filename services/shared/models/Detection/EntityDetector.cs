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

    const byte CheckpointVersion = 3;
    const long RepeatMs = 1000;
    const long LongestStepMs = 900_000;

    readonly CadenceDetector _ticks;
    readonly CadenceDetector _minutes;
    readonly BreachWatch _breaches;
    JointVoice? _joint;
    LaneVoice? _lanes;
    EventVoice? _events;
    int _jointCadenceMs;
    int _eventCadenceMs;
    bool _isJudgedJointly;
    readonly bool[] _open = new bool[2];
    long _lastTold = long.MinValue / 2;
    long _alarmingTick = long.MinValue;

    /// <param name="options">When a score is an alarm.</param>
    /// <param name="model">Version of the model whose scores come.</param>
    /// <param name="prior">Distribution of its scores on normal behaviour.</param>
    /// <param name="phase">Any number, different among entities: spreads their forecasts over the seconds.</param>
    public EntityDetector(DetectorOptions options, string model, CalibrationPrior prior, int phase = 0)
        : this(options, model, new CadenceDetector(CadenceRules.Ticks, options, prior), new CadenceDetector(CadenceRules.Minutes, options, prior), new BreachWatch(phase))
    {
    }

    EntityDetector(DetectorOptions options, string model, CadenceDetector ticks, CadenceDetector minutes, BreachWatch breaches)
    {
        Options = options;
        Model = model;
        _ticks = ticks;
        _minutes = minutes;
        _breaches = breaches;
    }

    /// <summary>What decides now: as constructed, with the budget in use. Not part of a checkpoint.</summary>
    public DetectorOptions Options { get; private set; }

    /// <summary>Version of the model it is calibrated for.</summary>
    public string Model { get; private set; }

    /// <summary>Newest tick decided on, over both cadences; <see cref="long.MinValue"/> before the first.</summary>
    public long LastT => Math.Max(_ticks.LastT, _minutes.LastT);

    /// <summary>A decision is open on either cadence, whoever made it.</summary>
    public bool IsOpen => _open[0] || _open[1];

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

    /// <summary>
    /// Spends another budget from here on, within the bounds of <see cref="DetectorOptions.WithBudget"/>. How improbable ticks are has been
    /// learned without it, so only the levels change; what is open ends by the new ones.
    /// </summary>
    /// <param name="falseAlarmsPerWeek">False alarms a week on normal behaviour.</param>
    /// <returns>It is another one.</returns>
    public bool UseBudget(double falseAlarmsPerWeek)
    {
        var next = Options.WithBudget(falseAlarmsPerWeek);
        if (next == Options)
            return false;
        Options = next;
        _ticks.Use(next);
        _minutes.Use(next);
        _joint?.Use(JointLevels.RulesFor(Of(_jointCadenceMs).Rules, next));
        _lanes?.Use(next);
        _events?.Use(next);
        return true;
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

    /// <summary>The tick is on the entity's own cadence and not a summary of its ticks: the one that a joint model reads.</summary>
    /// <remarks>The mean of a minute is dated at its beginning, before the newest of its ticks.</remarks>
    public bool IsOwn(int cadenceMs, long t) => Of(cadenceMs) == _ticks || _ticks.LastT < t;

    /// <summary>Decides about a tick whose row was scored.</summary>
    /// <param name="tick">Features, columns x <see cref="FeatureSpec.Count"/>.</param>
    /// <param name="schema">The columns.</param>
    /// <param name="cadenceMs">1,000 or 60,000.</param>
    /// <param name="maturity">Of the entity.</param>
    /// <param name="score">Of the model of everybody.</param>
    /// <param name="joint">What its group's model says, on its own cadence; where there is any, it decides.</param>
    public Verdict Decide(FeatureTick tick, SeriesSchema schema, int cadenceMs, EntityMaturity maturity, float score, in JointEvidence joint = default)
    {
        ArgumentNullException.ThrowIfNull(tick);
        ArgumentNullException.ThrowIfNull(schema);
        var cadence = Of(cadenceMs);
        var isCold = maturity == EntityMaturity.Cold;
        score = float.IsFinite(score) ? score : 0;
        var isOwn = IsOwn(cadenceMs, tick.T);
        IReadOnlyList<BreachAlarm> breaches = isOwn ? _breaches.Add(tick.T, tick.Features, schema) : [];
        var stepMs = StepOf(cadence, tick.T);
        var forest = cadence.Decide(tick.T, score, StrangenessOf(score, tick, schema), isCold);
        // An entity that has become slow has no seconds any more that could close what they opened.
        _open[0] &= cadence == _ticks || !isOwn;
        var isLaned = cadence == _minutes && LaneVoice.Fits(schema) && !(isOwn ? joint.IsPresent : _isJudgedJointly);
        var events = isOwn ? Watch(cadence, tick, schema, withLevels: cadence == _ticks || !(joint.IsPresent || isLaned)) : EventDecision.None;
        var seen = new Seen(cadence, tick, schema, stepMs, breaches, events, forest.Change == DebounceChange.Opened);
        _isJudgedJointly = isOwn ? joint.IsPresent : _isJudgedJointly;
        if (isOwn && joint.IsPresent)
            return DecideJointly(seen, joint, isCold);
        if (isLaned)
            return DecideByLanes(seen);
        return VerdictOf(seen, Model, score, score, forest, IsWorthTelling(seen, forest) ? Findings.OfForest(cadence.Since, forest, tick, schema, seen.Standing) : null);
    }

    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(CheckpointVersion);
        writer.Write(Model);
        writer.Write(_lastTold);
        writer.Write(_alarmingTick);
        writer.Write(_open[0]);
        writer.Write(_open[1]);
        writer.Write(_isJudgedJointly);
        _ticks.Write(writer);
        _minutes.Write(writer);
        _breaches.Write(writer);
        writer.Write(_joint is null ? 0 : _jointCadenceMs);
        _joint?.Write(writer);
        writer.Write(_lanes is not null);
        _lanes?.Write(writer);
        writer.Write(_events is null ? 0 : _eventCadenceMs);
        _events?.Write(writer);
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
        var (lastTold, alarmingTick, tickOpen, minuteOpen, jointly) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean());
        var detector = new EntityDetector(
            options,
            written,
            CadenceDetector.Read(reader, CadenceRules.Ticks, options, prior),
            CadenceDetector.Read(reader, CadenceRules.Minutes, options, prior),
            BreachWatch.Read(reader))
        {
            _lastTold = lastTold,
            _alarmingTick = alarmingTick,
            _isJudgedJointly = jointly,
            _jointCadenceMs = reader.ReadInt32(),
        };
        (detector._open[0], detector._open[1]) = (tickOpen, minuteOpen);
        if (detector._jointCadenceMs != 0)
            detector._joint = JointVoice.Read(reader, JointLevels.RulesFor(detector.Of(detector._jointCadenceMs).Rules, options));
        if (reader.ReadBoolean())
            detector._lanes = LaneVoice.Read(reader, options);
        detector._eventCadenceMs = reader.ReadInt32();
        if (detector._eventCadenceMs != 0)
            detector._events = EventVoice.Read(reader, options);
        detector.UseModel(model, prior, shadow);
        return detector;
    }

    static int StepOf(CadenceDetector cadence, long t) =>
        (int)Math.Clamp(cadence.LastT == long.MinValue ? 0 : t - cadence.LastT, cadence.Rules.CadenceMs, LongestStepMs);

    static float StrangenessOf(float score, FeatureTick tick, SeriesSchema schema)
    {
        Span<float> row = stackalloc float[RowSpec.Count];
        RowSpec.Fill(tick.Features, schema.Columns.Count, row);
        return Strangeness.Of(score, row);
    }

    // An entity that has become slow, or fast, is another one for what counts in ticks.
    EventDecision Watch(CadenceDetector cadence, FeatureTick tick, SeriesSchema schema, bool withLevels)
    {
        if (_events is null || _eventCadenceMs != cadence.Rules.CadenceMs)
            (_events, _eventCadenceMs) = (new EventVoice(Options), cadence.Rules.CadenceMs);
        return _events.Decide(tick.T, tick.Features, schema, withLevels);
    }

    Verdict DecideJointly(in Seen seen, in JointEvidence joint, bool isCold)
    {
        _lanes = null;
        if (_joint is null || _jointCadenceMs != seen.Cadence.Rules.CadenceMs)
            (_joint, _jointCadenceMs) = (new JointVoice(JointLevels.RulesFor(seen.Cadence.Rules, Options), joint.Prior), seen.Cadence.Rules.CadenceMs);
        var decision = _joint.Decide(seen.Tick.T, joint, isCold);
        var score = JointLevels.Scaled(joint.Score);
        var finding = IsWorthTelling(seen, decision) ? Findings.OfJoint(_joint, decision, joint, seen.Tick, seen.Schema, seen.Standing) : null;
        return VerdictOf(seen, joint.Model, score, JointLevels.Scaled(_joint.Telling), decision, finding);
    }

    Verdict DecideByLanes(in Seen seen)
    {
        var voice = _lanes ??= new LaneVoice(Options);
        var lanes = voice.Decide(seen.Tick.T, seen.Tick.Features, seen.Schema);
        var finding = IsWorthTelling(seen, lanes.Decision) ? Findings.OfLanes(voice, lanes, seen.Tick, seen.Schema, seen.Standing) : null;
        return VerdictOf(seen, null, LaneVoice.Scaled(lanes.Lane.Strangeness), LaneVoice.Scaled(lanes.Telling), lanes.Decision, finding);
    }

    Verdict VerdictOf(in Seen seen, string? model, float score, double telling, ScoreDecision decision, Finding? finding)
    {
        var rarest = decision.Tail.P;
        decision = seen.Events.Join(decision);

        // Compared with what stood, whoever decided then: who takes over may close what another has opened.
        ref var open = ref _open[seen.Cadence == _ticks ? 0 : 1];
        var changed = open != decision.IsOpen;
        open = decision.IsOpen;
        if (seen.Cadence == _ticks && decision is { IsOpen: true, Beyond: true })
            _alarmingTick = seen.Tick.T;
        var findings = new List<Finding>(0);
        foreach (var breach in seen.Breaches)
            findings.Add(Findings.OfBreach(breach, seen.Tick, seen.Schema));

        // One of both: who decides about all metrics says more of a new level or a trend; of anything else, whoever finds the tick rarer.
        var isTold = seen.Events.IsOpen && (finding is null || (seen.Events.P <= rarest && seen.Events.Watch!.Event is not (MetricEvent.Level or MetricEvent.Ramp or MetricEvent.Trend)));
        if (isTold && IsWorthTelling(seen, decision))
            finding = Findings.OfEvents(seen.Events, seen.Tick, seen.Schema, seen.Standing);
        if (finding is not null)
            findings.Add(finding with { Ongoing = !decision.Alarming });
        return new Verdict
        {
            Model = model,
            Score = score,
            Telling = telling,
            P = decision.Tail.P,
            Extrapolated = decision.Tail.Extrapolated,
            Anomalous = decision.IsOpen,
            Alarming = decision.Alarming,
            Changed = changed,
            ChampionOpened = seen.ChampionOpened,
            StepMs = seen.StepMs,
            Findings = findings,
        };
    }

    CadenceDetector Of(int cadenceMs) => cadenceMs == CadenceRules.Minutes.CadenceMs ? _minutes : _ticks;

    bool IsWorthTelling(in Seen seen, ScoreDecision decision)
    {
        if (!decision.IsOpen || !decision.Beyond)
            return false;

        // A minute comes to an end after its seconds were told: it must not open again what they have closed.
        var t = seen.Tick.T;
        if (seen.Cadence == _minutes)
            return _alarmingTick < t;
        if (t != _lastTold && t - _lastTold < RepeatMs)
            return false;
        _lastTold = t;
        return true;
    }

    /// <summary>What is known of a tick before anybody decides.</summary>
    readonly record struct Seen(
        CadenceDetector Cadence, FeatureTick Tick, SeriesSchema Schema, int StepMs, IReadOnlyList<BreachAlarm> Breaches, EventDecision Events, bool ChampionOpened)
    {
        /// <summary>The limit that is ahead or reached; null where forecasts were not made anew or none is.</summary>
        public Forecast? Standing
        {
            get
            {
                foreach (var breach in Breaches)
                {
                    if (breach.Stands)
                        return breach.Forecast;
                }
                return null;
            }
        }
    }
}
