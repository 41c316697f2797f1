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
    [InlineData("energies_floor", 0.01f)]
    [InlineData("neighbour_floor", 0.01f)]
    [InlineData("row_weights", 0.1f)]
    [InlineData("spread", 0.1f)]
    [InlineData("references", 20)]
    [InlineData("lengths", -20)]
    public void A_constant_with_any_one_number_changed_is_refused(string constant, float by)
    {
        foreach (var seed in Enumerable.Range(1, 3))
        {
            var spoilt = Spoil(File, constant, 0x4A, occurrence: 0, seed, number => number + by);
            Should.Throw<ModelRefusedException>(() => Prove(spoilt).Require(), $"{constant} {seed}").Message.ShouldContain("report it");
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(2, 50)]
    public void Trees_with_any_one_leaf_changed_are_refused(int ensemble, float by)
    {
        foreach (var seed in Enumerable.Range(1, 3))
        {
            var spoilt = Spoil(File, "target_weights", 0x3A, ensemble, seed, number => number + by);
            Should.Throw<ModelRefusedException>(() => Prove(spoilt).Require(), $"{ensemble} {seed}").Message.ShouldContain("report it");
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

    // Numbers lie packed behind the name of what holds them: a tag, their length in bytes, and they.
    static byte[] Spoil(byte[] bytes, string name, byte tag, int occurrence, long seed, Func<float, float> change)
    {
        byte[] key = [(byte)name.Length, .. Encoding.ASCII.GetBytes(name), tag];
        var at = -1;
        for (var i = 0; i <= occurrence; i++)
            at = bytes.AsSpan(at + 1).IndexOf(key) is var next and >= 0 ? at + 1 + next : throw new InvalidOperationException($"No {name}.");
        at += key.Length;
        var (length, shift) = (0, 0);
        for (; bytes[at] >= 0x80; at++, shift += 7)
            length |= (bytes[at] & 0x7F) << shift;
        length |= bytes[at++] << shift;
        at += sizeof(float) * new SeededRandom(seed).NextInt(length / sizeof(float));
        byte[] spoilt = [.. bytes];
        BinaryPrimitives.WriteSingleLittleEndian(spoilt.AsSpan(at), change(BinaryPrimitives.ReadSingleLittleEndian(spoilt.AsSpan(at))));
        return spoilt;
    }
}
