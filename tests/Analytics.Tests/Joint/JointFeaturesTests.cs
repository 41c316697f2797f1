using CsCheck;
using Forewarn.Analytics.Tests.Features;

namespace Forewarn.Analytics.Tests.Joint;

public sealed class JointFeaturesTests
{
    static readonly Gen<double[]> Values = Gen.OneOf(
        Gen.Double[-100, 100],
        Gen.Double[0, 1e9],
        Gen.Int[0, 3].Select(i => (double)i)).Array[1, 600];

    [Fact]
    public void Features_equal_the_statistics_computed_the_obvious_way() => Values.Sample(
        values =>
        {
            var (rolling, features) = (new JointFeatures(1), new float[JointFeatures.Count]);
            var seen = new List<double>();
            double fast = values[0], slow = values[0];
            foreach (var value in values)
            {
                rolling.Update([value], features);
                (fast, slow) = (fast + (0.2 * (value - fast)), slow + (0.03 * (value - slow)));
                seen.Add(value);
            }
            var scale = Math.Max(1e-30, seen.TakeLast(480).Max(Math.Abs));
            features[0].ShouldBe((float)values[^1]);
            features[1].ShouldBe((float)(values.Length > 1 ? values[^1] - values[^2] : 0));
            foreach (var (window, at) in new[] { (5, 2), (20, 4), (60, 6), (240, 10) })
            {
                ((double)features[at]).ShouldBe(Naive.Mean(seen, window), 1e-6 * scale);
                ((double)features[at + 1]).ShouldBe(Naive.Std(seen, window), 1e-6 * scale);
            }
            ((double)features[8]).ShouldBe(values[^1] - fast, 1e-6 * scale);
            ((double)features[9]).ShouldBe(values[^1] - slow, 1e-6 * scale);
        },
        iter: 200);

    [Fact]
    public void One_huge_value_leaves_no_trace_once_the_windows_have_passed_it()
    {
        var (struck, calm) = (new JointFeatures(1), new JointFeatures(1));
        float[] after = new float[JointFeatures.Count], expected = new float[JointFeatures.Count];
        for (var i = 0; i < 400; i++)
        {
            struck.Update([i == 100 ? 1e30 : i % 7], after);
            calm.Update([i % 7], expected);
            if (i is < 160 or >= 340)
                continue;
            after[6].ShouldBe(expected[6], 1e-5f);
            after[7].ShouldBe(expected[7], 1e-5f);
        }
        after[10].ShouldBe(expected[10], 1e-5f);
        after[11].ShouldBe(expected[11], 1e-5f);
    }

    [Fact]
    public void A_missing_value_gives_NaN_and_the_windows_wait()
    {
        var (with, without) = (new JointFeatures(2), new JointFeatures(2));
        float[] actual = new float[2 * JointFeatures.Count], expected = new float[2 * JointFeatures.Count];
        for (var i = 0; i < 300; i++)
        {
            without.Update([i * 7 % 13, i], expected);
            with.Update([i * 7 % 13, i], actual);
            actual.ShouldBe(expected);
            foreach (var missing in new[] { double.NaN, double.NegativeInfinity, 1e300 })
            {
                with.Update([missing, double.NaN], actual);
                actual.ShouldAllBe(feature => float.IsNaN(feature));
            }
        }
    }

    [Fact]
    public void A_checkpoint_continues_as_if_nothing_had_happened() => Gen.Select(Values, Gen.Int[0, 599]).Sample(
        (values, cut) =>
        {
            float[] expected = new float[JointFeatures.Count], actual = new float[JointFeatures.Count];
            JointFeatures original = new(1), restored = new(1);
            for (var i = 0; i < values.Length; i++)
            {
                if (i == cut)
                    restored = JointSamples.Copy(original.Write, JointFeatures.Read);
                original.Update([values[i]], expected);
                if (i < cut)
                    continue;
                restored.Update([values[i]], actual);
                actual.ShouldBe(expected);
            }
        },
        iter: 100);

    [Fact]
    public void A_damaged_checkpoint_is_refused()
    {
        var bytes = JointSamples.Bytes(new JointFeatures(2).Write);
        bytes[0]++;
        Should.Throw<InvalidDataException>(() => JointFeatures.Read(new BinaryReader(new MemoryStream(bytes))));
        bytes[0]--;
        bytes[4] = 1;
        Should.Throw<InvalidDataException>(() => JointFeatures.Read(new BinaryReader(new MemoryStream(bytes))));
    }
}
