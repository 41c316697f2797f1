using Forewarn.Contracts;
using Forewarn.Hosting;
using Forewarn.Models;

namespace Forewarn.Predictor;

/// <summary>Everything known about one entity. The holder of its lease alone calls it.</summary>
sealed class PredictorState(EntityDetector detector) : IEntityState
{
    const byte CheckpointVersion = 1;

    long _seq;

    public EntityDetector Detector { get; } = detector;

    /// <summary>What a challenger makes of the entity; null without one. Not part of the checkpoint.</summary>
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

    public void Write(BinaryWriter writer)
    {
        writer.Write(CheckpointVersion);
        Sequence.Write(writer);
        Detector.Write(writer);
    }

    public static PredictorState Read(BinaryReader reader, DetectorOptions options, LoadedModel model)
    {
        var version = reader.ReadByte();
        if (version != CheckpointVersion)
            throw new InvalidDataException($"It has version {version}, this program reads {CheckpointVersion}.");
        var sequence = SequenceGuard.Read(reader);
        return new PredictorState(EntityDetector.Read(reader, options, model.Version, model.Manifest.Prior)) { Sequence = sequence };
    }
}
