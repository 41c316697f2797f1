using CsCheck;

namespace Forewarn.Analytics.Tests.Features;

public sealed class QuartileWindowTests
{
    // Ties, trends and values on both sides of zero: what moves a quartile by a rank, by a value, or not at all.
    static readonly Gen<float[]> Values = Gen.OneOf(
        Gen.Int[-2, 2].Select(i => (float)i),
        Gen.Float[-1e6f, 1e6f],
        Gen.Int[0, 1].Select(i => i == 0 ? 0 : float.MaxValue)).Array[1, 900];

    static readonly Gen<float[]> Trends = Gen.Select(Gen.Int[1, 900], Gen.Float[-1, 1], Gen.Int[1, 50]).Select(
        (count, slope, hold) => Enumerable.Range(0, count).Select(i => slope * (i / hold)).ToArray());

    [Fact]
    public void Quartiles_are_those_of_the_last_values_sorted() => Gen.OneOf(Values, Trends).Sample(
        values =>
        {
            var window = new QuartileWindow();
            for (var i = 0; i < values.Length; i++)
            {
                window.Add(values[i]);
                float[] sorted = [.. values[Math.Max(0, i + 1 - QuartileWindow.Capacity)..(i + 1)].Order()];
                (window.Count, window.Lower, window.Median, window.Upper).ShouldBe((sorted.Length, At(sorted, 0.25), At(sorted, 0.5), At(sorted, 0.75)));
            }
        },
        iter: 100);

    [Fact]
    public void The_level_is_what_seven_of_the_last_eight_reach() => Gen.Select(Gen.Float[-10, 10].Array[1, 400], Gen.Double[-5, 5]).Sample(
        (values, baseline) =>
        {
            var window = new QuartileWindow();
            foreach (var value in values)
            {
                window.Add(value);
            }

            float[] last = [.. values.TakeLast(8).Order()];
            var expected = last.Length < 8 ? baseline : last[1] > baseline ? last[1] : last[6] < baseline ? last[6] : baseline;
            window.SustainedLevel(baseline).ShouldBe(expected, 1e-6);
        },
        iter: 500);

    [Fact]
    public void A_restored_window_continues_with_the_same_quartiles() => Gen.Select(Values, Gen.Int[0, 899]).Sample(
        (values, cut) =>
        {
            var (original, restored) = (new QuartileWindow(), new QuartileWindow());
            for (var i = 0; i < values.Length; i++)
            {
                if (i == cut)
                {
                    restored = Copy(original);
                }

                original.Add(values[i]);
                restored.Add(values[i]);
                (restored.Count, restored.Lower, restored.Median, restored.Upper).ShouldBe((original.Count, original.Lower, original.Median, original.Upper));
            }
        },
        iter: 100);

    [Fact]
    public void A_checkpoint_with_a_number_that_is_not_finite_is_refused()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(2);
        writer.Write(1f);
        writer.Write(float.NaN);
        stream.Position = 0;

        Should.Throw<InvalidDataException>(() => QuartileWindow.Read(new BinaryReader(stream))).Message.ShouldContain("not finite");
    }

    static double At(float[] sorted, double level)
    {
        var position = level * (sorted.Length - 1);
        var below = (int)position;
        return sorted[below] + ((position - below) * (sorted[Math.Min(below + 1, sorted.Length - 1)] - (double)sorted[below]));
    }

    static QuartileWindow Copy(QuartileWindow window)
    {
        using var stream = new MemoryStream();
        window.Write(new BinaryWriter(stream));
        stream.Position = 0;
        return QuartileWindow.Read(new BinaryReader(stream));
    }
}
