using CsCheck;
using Forewarn.Analytics;

namespace Forewarn.Models.Tests.Joint;

public sealed class GroupModelTests
{
    const int Metrics = 3;

    static readonly TrainedJoint Trained = JointModels.Train(5, Metrics, 300);
    static readonly KeyValuePair<string, string>[] Metadata = JointModels.Metadata(Trained);
    static readonly CalibrationPrior Prior = CalibrationPrior.FromScores(Trained.Scores);

    [Fact]
    public void Columns_and_scalings_come_back_from_the_file()
    {
        using var scorer = OnnxScorer.Load(JointModels.File(Trained));
        var model = GroupModel.Of("0123456789abcdef", scorer, Prior).ShouldNotBeNull();

        model.Version.ShouldBe("0123456789abcdef");
        model.Columns.ShouldBe(JointModels.Columns(Metrics));
        model.Prior.ShouldBe(Prior);
        Bytes(model.ScalingOf("a").ShouldNotBeNull()).ShouldBe(Bytes(Trained.Scalings[0]));
        Bytes(model.ScalingOf("b").ShouldNotBeNull()).ShouldBe(Bytes(Trained.Scalings[1]));
        model.ScalingOf("c").ShouldBeNull();
        JointFile.FeatureNames(model.Columns)[JointRow.Count].ShouldBe("00000001.value");
    }

    [Fact]
    public void Entities_may_be_written_in_any_order()
    {
        var (a, b) = (Trained.Scalings[0], Trained.Scalings[1]);
        var (one, other) = (new Dictionary<string, JointScaling>(StringComparer.Ordinal) { ["a"] = a, ["Ä b"] = b }, new Dictionary<string, JointScaling>(StringComparer.Ordinal) { ["Ä b"] = b, ["a"] = a });

        JointFile.Metadata(["x", "y", "z"], one).ShouldBe(JointFile.Metadata(["x", "y", "z"], other));
    }

    [Fact]
    public void What_would_not_be_read_again_is_not_written()
    {
        var entities = JointModels.Entities(Trained);
        Fault(["x", "y"], entities).ShouldContain("2 columns");
        Fault(["x", "y", "y"], entities).ShouldContain("column y twice");
        Fault(["x", "y", "z z"], entities).ShouldContain("no series id");
        Fault([], entities).ShouldContain("0 columns");
        Fault(["x", "y", "z"], []).ShouldContain("0 entities");

        static string Fault(string[] columns, Dictionary<string, JointScaling> scalings) =>
            Should.Throw<ArgumentException>(() => JointFile.Metadata(columns, scalings)).Message;
    }

    [Fact]
    public void A_file_that_says_nothing_of_columns_is_no_joint_model()
    {
        using var forest = OnnxScorer.Load(Forests.Onnx(Forests.Grow(3)));
        GroupModel.Of("x", forest, Prior).ShouldBeNull();
        using var bare = OnnxScorer.Load(JointGraph.Write(Trained.Model, []));
        GroupModel.Of("x", bare, Prior).ShouldBeNull();
    }

    [Fact]
    public void Metadata_that_contradict_themselves_or_the_graph_are_refused()
    {
        var (columns, scalings) = (Metadata[0].Value, Metadata[1].Value);
        Refusal(columns, null).ShouldContain("'columns' without 'scalings'");
        Refusal(null, scalings).ShouldContain("'scalings' without 'columns'");
        Refusal("", scalings).ShouldContain("no series id");
        Refusal("a b  c", scalings).ShouldContain("no series id");
        Refusal("a b b", scalings).ShouldContain("twice");
        Refusal("a b", scalings).ShouldContain("2 columns");
        Refusal(columns, "no base64!").ShouldContain("damaged");
        Refusal(columns, "AAAA").ShouldContain("damaged");
        Refusal(columns, Convert.ToBase64String(new byte[4])).ShouldContain("0 scalings");
        Refusal(columns, Convert.ToBase64String([255, 255, 255, 127])).ShouldContain("2147483647 scalings");
        Refusal(columns, Changed(bytes => [.. bytes, 0])).ShouldContain("1 bytes follow");
        Refusal(columns, Changed(bytes => bytes[..^1])).ShouldContain("damaged");
        Refusal(columns, Changed(bytes => [.. bytes[..5], (byte)'z', .. bytes[6..]])).ShouldContain("does not come behind");

        var two = JointModels.Metadata(JointModels.Train(6, 2, 300));
        Refusal(two[0].Value, two[1].Value).ShouldContain("2 columns, its graph reads 36 numbers");
    }

    [Fact]
    public void Scalings_cut_anywhere_or_damaged_are_refused_or_still_whole()
    {
        var whole = Convert.FromBase64String(Metadata[1].Value);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte).Array[0, 4].Select(Gen.Int[0, whole.Length]).Sample(
            (changes, length) =>
            {
                byte[] damaged = [.. whole];
                foreach (var (at, value) in changes)
                    damaged[at] = value;
                var metadata = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["columns"] = Metadata[0].Value,
                    ["scalings"] = Convert.ToBase64String(length < whole.Length / 2 ? damaged[..length] : damaged),
                };
                try
                {
                    JointFile.Read(metadata).ShouldNotBeNull().Columns.Count.ShouldBe(Metrics);
                }
                catch (InvalidDataException refused)
                {
                    refused.Message.ShouldNotBeEmpty();
                }
            },
            iter: 2000, threads: 1);
    }

    [Fact]
    public void An_unknown_entity_borrows_the_median_of_each_number()
    {
        var past = JointModels.Features(9, 400, 1);
        var scalings = new[] { 1f, 2f, 8f, 1024f }.Select(factor => JointScaling.Of([.. past.Select(value => factor * value)], 1, 0.4)).ToArray();
        var row = JointModels.Row(past, 30, 1);

        Bytes(JointScaling.Typical([scalings[3], scalings[0], scalings[1]])).ShouldBe(Bytes(scalings[1]));
        var between = JointScaling.Typical(scalings);
        between.ValueOf(0, 0).ShouldBe((scalings[1].ValueOf(0, 0) + scalings[2].ValueOf(0, 0)) / 2, 1e-3);
        float[] scaled = new float[JointRow.Count], own = new float[JointRow.Count];
        between.Apply([.. row.ToArray().Select(value => 5 * value)], scaled, new bool[1]);
        scalings[0].Apply(row, own, new bool[1]);
        scaled[0].ShouldBe(own[0], 1e-3f);
    }

    [Fact]
    public void A_metric_that_some_entities_lack_is_borrowed_from_those_that_have_it_and_one_that_none_has_stays_unknown()
    {
        var (both, features) = (JointModels.Features(9, 400, 3), JointModels.Features(9, 400, 3));
        for (var row = 0; row < 400; row++)
        {
            features.AsSpan(((row * 3) + 1) * JointRow.Count, 2 * JointRow.Count).Fill(float.NaN);
            both.AsSpan(((row * 3) + 2) * JointRow.Count, JointRow.Count).Fill(float.NaN);
        }
        var (lacking, having) = (JointScaling.Of(features, 3, 0.4), JointScaling.Of(both, 3, 0.4));
        var typical = JointScaling.Typical([lacking, having, lacking]);

        typical.ValueOf(1, 1).ShouldBe(having.ValueOf(1, 1));
        double.IsNaN(typical.ValueOf(2, 0)).ShouldBeTrue();
        Should.Throw<ArgumentException>(() => JointScaling.Typical([]));
        Should.Throw<ArgumentException>(() => JointScaling.Typical([having, Trained.Scalings[0], JointScaling.Of(JointModels.Features(1, 200, 2), 2, 0.4)]));
    }

    [Fact]
    public void Missing_metrics_count_neither_as_strange_nor_as_ordinary()
    {
        GroupModel.ScoreOf(5, [1, 2, 6], [true, true, true]).ShouldBe(5);
        GroupModel.ScoreOf(5, [1, 2, 6], [true, true, false]).ShouldBe(5 - 3 + 1.5f);
        GroupModel.ScoreOf(5, [1, 2, 6], [false, false, false]).ShouldBe(0);
    }

    static string Refusal(string? columns, string? scalings)
    {
        var metadata = new List<KeyValuePair<string, string>>();
        if (columns is not null)
            metadata.Add(new("columns", columns));
        if (scalings is not null)
            metadata.Add(new("scalings", scalings));
        using var scorer = OnnxScorer.Load(JointGraph.Write(Trained.Model, metadata));
        return Should.Throw<ModelRefusedException>(() => GroupModel.Of("x", scorer, Prior)).Message;
    }

    static string Changed(Func<byte[], byte[]> change) => Convert.ToBase64String(change(Convert.FromBase64String(Metadata[1].Value)));

    static byte[] Bytes(JointScaling scaling)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        scaling.Write(writer);
        writer.Flush();
        return stream.ToArray();
    }
}
