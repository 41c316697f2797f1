using Forewarn.Contracts;
using Forewarn.Hosting;
using Forewarn.Models;

namespace Forewarn.Predictor;

/// <summary>Everything known about one entity. The holder of its lease alone calls it.</summary>
sealed class PredictorState(EntityDetector detector) : IEntityState
{
    const byte CheckpointVersion = 3;

    long _seq;
    EntityScorer? _scorer;
    EntityScorer? _shadowScorer;

    public EntityDetector Detector { get; } = detector;

    /// <summary>The entity's part of its group's model.</summary>
    public JointEntity Joint { get; private init; } = new();

    /// <summary>What a challenger makes of the entity; null without one.</summary>
    public ShadowDetector? Shadow { get; set; }

    public SequenceGuard Sequence { get; private set; } = new();
    public Outbox<PredictionBatch> Predictions { get; } = new();
    public Outbox<Detection> Detections { get; } = new();

    /// <summary>What the delivery under way has decided.</summary>
    public List<OpenBatch> Open { get; } = [];

    /// <summary>Event time of the newest outlook published, per cadence: ticks, minutes.</summary>
    public long[] OutlookAt { get; } = [long.MinValue / 2, long.MinValue / 2];

    public long LastTick => Detector.LastT;

    public bool HasUnpublished => Predictions.Count > 0 || Detections.Count > 0;

    public long NextSeq() => ++_seq;

    /// <summary>Takes the scores of this model from here on; one that was the challenger brings what it has learned.</summary>
    public void UseModel(LoadedModel model)
    {
        if (Detector.UseModel(model.Version, model.Manifest.Prior, Shadow))
            Shadow = null;
        if (_scorer?.Model == model.Version)
            return;
        (_scorer, _shadowScorer) = _shadowScorer?.Model == model.Version ? (_shadowScorer, null) : (EntityScorer.Of(model.Version, model.Online), _shadowScorer);
    }

    /// <summary>False alarms a week that it may cause from here on.</summary>
    public void UseBudget(double falseAlarmsPerWeek)
    {
        if (Detector.UseBudget(falseAlarmsPerWeek))
            Shadow?.Use(Detector.Options);
    }

    /// <summary>The champion's score of a row for this entity, once for each tick; the graph's where the model does not learn.</summary>
    public float ScoreOf(LoadedModel champion, ReadOnlySpan<float> row, float score) => _scorer?.Take(champion.Online!, row) ?? score;

    /// <summary>As <see cref="ScoreOf"/>, of the challenger.</summary>
    public float ShadowScoreOf(LoadedModel challenger, ReadOnlySpan<float> row, float score)
    {
        if (_shadowScorer?.Model != challenger.Version)
            _shadowScorer = EntityScorer.Of(challenger.Version, challenger.Online);
        return _shadowScorer?.Take(challenger.Online!, row) ?? score;
    }

    /// <summary>Nobody is on trial any more.</summary>
    public void ForgetShadow() => (Shadow, _shadowScorer) = (null, null);

    public void Write(BinaryWriter writer)
    {
        writer.Write(CheckpointVersion);
        Sequence.Write(writer);
        writer.Write(Shadow is not null);
        Shadow?.Write(writer);
        Write(writer, _shadowScorer);
        Write(writer, _scorer);
        Joint.Write(writer);
        Detector.Write(writer);
    }

    public static PredictorState Read(BinaryReader reader, DetectorOptions options, LoadedModel model)
    {
        var version = reader.ReadByte();
        if (version != CheckpointVersion)
            throw new InvalidDataException($"It has version {version}, this program reads {CheckpointVersion}.");
        var sequence = SequenceGuard.Read(reader);
        var shadow = reader.ReadBoolean() ? ShadowDetector.Read(reader, options) : null;
        var shadowScorer = ReadScorer(reader);
        var scorer = ReadScorer(reader);
        var joint = JointEntity.Read(reader);
        var detector = EntityDetector.Read(reader, options, model.Version, model.Manifest.Prior, shadow);
        var state = new PredictorState(detector) { Sequence = sequence, Joint = joint, Shadow = shadow?.Model == model.Version ? null : shadow };
        (state._scorer, state._shadowScorer) = (scorer, shadowScorer);
        state.UseModel(model);
        return state;
    }

    static void Write(BinaryWriter writer, EntityScorer? scorer)
    {
        writer.Write(scorer is not null);
        scorer?.Write(writer);
    }

    static EntityScorer? ReadScorer(BinaryReader reader) => reader.ReadBoolean() ? EntityScorer.Read(reader) : null;
}
