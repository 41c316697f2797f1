using Forewarn.Analytics;

namespace Forewarn.Models;

/// <summary>Decides by what the joint model of the entity's group makes of its own ticks. Not thread-safe.</summary>
/// <remarks>
/// What it has learned about scores outlives the model: they are rarities, powers of ten, whichever model of the group says them.
/// </remarks>
sealed class JointVoice
{
    const byte CheckpointVersion = 1;

    readonly CalibrationPrior _prior;
    readonly JointAlarm _alarm;
    FirstMovers _movers = new();
    bool _wasBeyond;
    string _model = "";

    public JointVoice(JointRules rules, CalibrationPrior prior)
        : this(prior, new JointAlarm(prior, rules))
    {
    }

    JointVoice(CalibrationPrior prior, JointAlarm alarm) => (_prior, _alarm) = (prior, alarm);

    public bool IsOpen => _alarm.Stands;

    /// <summary>Event time of the first of the strange ticks that led to what is open.</summary>
    public long Since { get; private set; }

    /// <summary>How much the newest tick has to tell, as a joint score.</summary>
    public double Telling { get; private set; }

    /// <summary>The metric, by slot, that has been strange for longest, and since when; forgotten with the model whose slots these are.</summary>
    public (int Metric, long Since)? FirstMover => _movers.First;

    /// <summary>Other levels from here on; what was learned and what is open stay.</summary>
    public void Use(JointRules rules) => _alarm.Use(rules);

    public ScoreDecision Decide(long t, in JointEvidence joint, bool isCold)
    {
        if (isCold)
            return new ScoreDecision(new TailProbability(1, Extrapolated: false), Beyond: false, Alarming: false, IsOpen, DebounceChange.None);
        var was = IsOpen;
        var judged = _alarm.Take(t, joint.Score);
        if (_model != joint.Model)
            (_model, _movers) = (joint.Model, new FirstMovers());
        _movers.Take(t, joint.Energies);
        if (judged.Beyond && !_wasBeyond && !was)
            Since = t;
        _wasBeyond = judged.Beyond;
        Telling = judged.Telling;
        return new ScoreDecision(judged.Tail, judged.Strange, judged.Lasts, judged.Stands, ScoreDecision.ChangeOf(was, judged.Stands));
    }

    /// <summary>The prior is written too: at a start nobody knows the group's model yet.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(CheckpointVersion);
        writer.Write(Since);
        writer.Write(_wasBeyond);
        writer.Write(_model);
        _prior.Write(writer);
        _alarm.Write(writer);
        _movers.Write(writer);
    }

    public static JointVoice Read(BinaryReader reader, JointRules rules)
    {
        var version = reader.ReadByte();
        if (version != CheckpointVersion)
            throw new InvalidDataException($"A joint decision has version {version}, this program reads {CheckpointVersion}.");
        var (since, wasBeyond, model) = (reader.ReadInt64(), reader.ReadBoolean(), reader.ReadString());
        var prior = CalibrationPrior.Read(reader);
        return new JointVoice(prior, JointAlarm.Read(reader, prior, rules)) { Since = since, _wasBeyond = wasBeyond, _model = model, _movers = FirstMovers.Read(reader) };
    }
}
