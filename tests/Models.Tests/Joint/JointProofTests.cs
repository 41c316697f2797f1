using System.Buffers.Binary;
using System.Text;
using Forewarn.Analytics;

namespace Forewarn.Models.Tests.Joint;

public sealed class JointProofTests
{
    const int Metrics = 5;
    const int Rows = 300;

    static readonly TrainedJoint Trained = JointModels.Train(7, Metrics, Rows);
    static readonly byte[] File = JointModels.File(Trained);

    [Fact]
    public void A_file_as_it_was_written_is_proven() => Prove(File).Require().Rows.ShouldBe(4 * Rows);

    [Theory]
    [InlineData("short_project", 0.5f)]
    [InlineData("short_restore", 0.5f)]
    [InlineData("long_project", 0.5f)]
    [InlineData("long_restore", 0.5f)]
    [InlineData("whitening", 0.5f)]
    [InlineData("restore_values", 0.5f)]
    [InlineData("floors", 0.01f)]
    [InlineData("references", 20)]
    [InlineData("references", -20)]
    [InlineData("spread", 0.1f)]
    [InlineData("rarities_middles0", 1)]
    [InlineData("rarities_middles4", 1)]
    [InlineData("rarities_knots", 1)]
    [InlineData("rarities_rarities", 1)]
    [InlineData("members", 0.1f)]
    [InlineData("weights", 0.1f)]
    // Some lines are so short that no row lies on them.
    [InlineData("rarities_slopes", 50, 1)]
    public void A_constant_with_any_one_number_changed_is_refused(string constant, float by, int seeds = 3)
    {
        foreach (var seed in Enumerable.Range(1, seeds))
        {
            var spoilt = Spoil(File, constant, 0x4A, seed, by);
            Should.Throw<ModelRefusedException>(() => Prove(spoilt).Require(), $"{constant} {seed}").Message.ShouldContain("report it");
        }
    }

    [Fact]
    public void A_forest_with_any_one_leaf_changed_is_refused()
    {
        foreach (var seed in Enumerable.Range(1, 3))
        {
            var spoilt = Spoil(File, "target_weights", 0x3A, seed, by: 1);
            Should.Throw<ModelRefusedException>(() => Prove(spoilt).Require(), $"{seed}").Message.ShouldContain("report it");
        }
    }

    [Fact]
    public void A_file_with_the_scaling_of_another_entity_is_refused()
    {
        var entities = JointModels.Entities(Trained);
        (entities["a"], entities["b"]) = (JointModels.Train(8, Metrics, Rows).Scalings[0], entities["a"]);
        var swapped = JointGraph.Write(Trained.Model, JointFile.Metadata(JointModels.Columns(Metrics), entities));

        Should.Throw<ModelRefusedException>(() => Prove(swapped).Require());
    }

    [Fact]
    public void An_entity_without_scaling_and_a_model_of_other_width_are_refused()
    {
        using var scorer = OnnxScorer.Load(File);
        var file = JointModels.Read(scorer, Trained);

        Should.Throw<ModelRefusedException>(() => new JointProof(Trained.Model, scorer, file).Take("c", Trained.Scalings[0], [])).Message.ShouldContain("'c'");
        Should.Throw<ArgumentException>(() => new JointProof(JointModels.Train(1, 2).Model, scorer, file)).Message.ShouldContain("of 2");
        new JointProof(Trained.Model, scorer, file).Result.Holds.ShouldBeFalse();
    }

    static JointProof Prove(byte[] bytes)
    {
        using var scorer = OnnxScorer.Load(bytes);
        var proof = new JointProof(Trained.Model, scorer, JointModels.Read(scorer, Trained));
        proof.Take("a", Trained.Scalings[0], JointModels.Features(7, Rows, Metrics));
        proof.Take("b", Trained.Scalings[1], JointModels.Features(8, Rows, Metrics));
        return proof;
    }

    // Numbers lie packed behind the name of what holds them: a tag, their length in bytes, and they. Zeros, infinities and the
    // greatest number fill up what has fewer.
    static byte[] Spoil(byte[] bytes, string name, byte tag, long seed, float by)
    {
        byte[] key = [(byte)name.Length, .. Encoding.ASCII.GetBytes(name), tag];
        var at = bytes.AsSpan().IndexOf(key) is var found and >= 0 ? found + key.Length : throw new InvalidOperationException($"No {name}.");
        var (length, shift) = (0, 0);
        for (; bytes[at] >= 0x80; at++, shift += 7)
            length |= (bytes[at] & 0x7F) << shift;
        length |= bytes[at++] << shift;
        byte[] spoilt = [.. bytes];
        var random = new SeededRandom(seed);
        while (true)
        {
            var number = spoilt.AsSpan(at + (sizeof(float) * random.NextInt(length / sizeof(float))));
            var was = BinaryPrimitives.ReadSingleLittleEndian(number);
            if (was == 0 || !(Math.Abs(was) < float.MaxValue))
                continue;
            BinaryPrimitives.WriteSingleLittleEndian(number, was + by);
            return spoilt;
        }
    }
}
