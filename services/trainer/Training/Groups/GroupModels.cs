using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Forewarn.Analytics;
using Forewarn.Models;

namespace Forewarn.Trainer;

/// <summary>
/// What a group's rows become: a joint model, checked on what it has not learned, exported and proven. The same sample and seed give
/// the same file.
/// </summary>
static class GroupModels
{
    const int ProofRows = 4096;

    const int ProofStretches = 8;

    /// <summary>How joint models are trained.</summary>
    public static JointOptions Options { get; } = new();

    /// <exception cref="ModelRefusedException">The file does not load, or scores otherwise than the model in C#.</exception>
    public static (TrainedModel Model, JointCheck Check) Make(GroupSample sample, int seed, long createdAt, string? parent)
    {
        var trained = JointTraining.Run([.. sample.Entities.Select(entity => entity.Past.Rows)], sample.Metrics, Options with { Seed = seed });
        var check = Check(sample, trained);
        var scalings = sample.Scalings.Concat(sample.Entities.Zip(trained.Scalings, (entity, scaling) => (entity.Entity, Scaling: scaling)))
            .ToDictionary(entry => entry.Entity, entry => entry.Scaling, StringComparer.Ordinal);
        var columns = sample.Schema.Columns.Select(column => column.Id).ToArray();
        var draft = new ModelDraft
        {
            Kind = JointKind.Name,
            Group = sample.Schema.Hash,
            RowSpec = JointRow.Version,
            FeatureNames = JointFile.FeatureNames(columns),
            Training = Record(sample, seed),
            Prior = CalibrationPrior.FromScores(trained.Scores),
            Own = JointFile.Metadata(columns, scalings),
        };
        var onnx = JointGraph.Write(trained.Model, draft.Metadata());
        var proof = Prove(sample, trained, onnx, draft.Prior);
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["maxAbsDiff"] = proof.LargestScore,
            ["maxAbsDiffOfMetric"] = proof.LargestMetric,
            ["rowsApart"] = proof.Far,
            ["rowsProven"] = proof.Rows,
            ["checkAlarms"] = check.Alarms,
            ["checkAllowed"] = check.Allowed,
            ["checkHours"] = check.Watched.TotalHours,
            ["scalings"] = scalings.Count,
        };
        return (draft.Finish(onnx, metrics, createdAt, parent), check);
    }

    /// <summary>File and C# on rows of every entity that was learned from, some of them neighbours and some far apart.</summary>
    /// <exception cref="ModelRefusedException">They differ, or the file does not load.</exception>
    internal static JointAgreement Prove(GroupSample sample, TrainedJoint trained, byte[] onnx, CalibrationPrior prior)
    {
        using var scorer = OnnxScorer.Load(onnx);
        var file = GroupModel.Of(sample.Schema.Hash, scorer, prior) ?? throw new ModelRefusedException("The file was written as no joint model.");
        var proof = new JointProof(trained.Model, scorer, file);
        var width = sample.Metrics * JointRow.Count;
        for (var i = 0; i < sample.Entities.Count; i++)
        {
            var (entity, scaling) = (sample.Entities[i], trained.Scalings[i]);
            var stretch = Math.Max(1, ProofRows / sample.Entities.Count / ProofStretches);
            for (var part = 0; part < ProofStretches; part++)
            {
                var first = (int)((long)part * entity.Past.Count / ProofStretches);
                var taken = Math.Min(stretch, entity.Past.Count - first);
                proof.Take(entity.Entity, scaling, entity.Past.Rows.AsSpan(first * width, taken * width));
            }
            proof.Take(entity.Entity, scaling, entity.Newest.Rows.AsSpan(0, Math.Min(stretch, entity.Newest.Count) * width));
        }
        return proof.Require();
    }

    /// <summary>Alarms at the newest rows of each entity, after its alarm has taken what was learned as its past.</summary>
    static JointCheck Check(GroupSample sample, TrainedJoint trained)
    {
        var (batch, prior) = (new JointBatch(trained.Model), CalibrationPrior.FromScores(trained.Scores));
        var (alarms, watched, first) = (0, TimeSpan.Zero, 0);
        for (var i = 0; i < sample.Entities.Count; i++)
        {
            var entity = sample.Entities[i];
            var rules = JointLevels.RulesFor(entity.CadenceMs >= CadenceRules.Minutes.CadenceMs ? CadenceRules.Minutes : CadenceRules.Ticks, new DetectorOptions());
            var alarm = new JointAlarm(prior, rules);
            for (var row = 0; row < entity.Past.Count; row++)
                alarm.Learn(entity.Past.Times[row], trained.Scores[first + row]);
            first += entity.Past.Count;
            alarms += Count(entity.Newest, trained.Scalings[i], batch, alarm);
            watched += TimeSpan.FromMilliseconds((double)entity.Newest.Count * entity.CadenceMs);
        }
        return JointCheck.Of(watched, alarms, new DetectorOptions());
    }

    static int Count(TimedRows rows, JointScaling scaling, JointBatch batch, JointAlarm alarm)
    {
        var (alarms, stood, width) = (0, false, scaling.Metrics * JointRow.Count);
        for (var first = 0; first < rows.Count; first += batch.Capacity)
        {
            batch.Clear();
            for (var row = first; row < Math.Min(rows.Count, first + batch.Capacity); row++)
                batch.Add(rows.Rows.AsSpan(row * width, width), scaling);
            batch.Score();
            for (var row = 0; row < batch.Count; row++)
            {
                var stands = alarm.Take(rows.Times[first + row], batch.ScoreOf(row)).Stands;
                alarms += stands && !stood ? 1 : 0;
                stood = stands;
            }
        }
        return alarms;
    }

    static TrainingRecord Record(GroupSample sample, int seed)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var entity in sample.Entities)
            hash.AppendData(MemoryMarshal.AsBytes(entity.Past.Rows.AsSpan()));
        return new TrainingRecord
        {
            Source = "history",
            Rows = sample.Rows,
            HistoryRows = sample.Rows,
            Entities = sample.Entities.Count,
            From = sample.Entities.Min(entity => entity.Past.Times[0]),
            To = sample.Entities.Max(entity => entity.Past.Times[^1]),
            Seed = seed,
            DataHash = Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8)),
            Settings = new Dictionary<string, double>(StringComparer.Ordinal)
            {
                ["metrics"] = sample.Metrics,
                ["everyTick"] = sample.Stride,
                ["references"] = Options.References,
            },
        };
    }
}
