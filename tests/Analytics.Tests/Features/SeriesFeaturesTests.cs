using CsCheck;

namespace Forewarn.Analytics.Tests.Features;

public sealed class SeriesFeaturesTests
{
    static readonly string[] Units = ["1", "By/s", "{thread}", ""];

    static readonly Gen<double[]> Values = Gen.OneOf(
        Gen.Double[-100, 100],
        Gen.Double[0, 1e9],
        Gen.Int[0, 3].Select(i => (double)i)).Array[1, 600];

    [Fact]
    public void Features_equal_the_statistics_computed_the_obvious_way() => Values.Sample(
        values =>
        {
            var features = new float[FeatureSpec.Count];
            var series = new SeriesFeatures("1");
            var seen = new List<double>();
            double fast = values[0], slow = values[0];
            foreach (var value in values)
            {
                series.Update(0, value, features);
                fast += FeatureSpec.FastAlpha * (value - fast);
                slow += FeatureSpec.SlowAlpha * (value - slow);
                seen.Add(value);
            }

            features[FeatureSpec.Value].ShouldBe((float)values[^1]);
            features[FeatureSpec.Delta].ShouldBe((float)(values.Length > 1 ? values[^1] - values[^2] : 0));
            var scale = Math.Max(1e-30, seen.TakeLast(480).Max(Math.Abs));
            foreach (var (window, mean) in new[] { (5, FeatureSpec.Mean5), (20, FeatureSpec.Mean20), (60, FeatureSpec.Mean60), (240, FeatureSpec.Mean240) })
            {
                ((double)features[mean]).ShouldBe(Naive.Mean(seen, window), 1e-6 * scale);
                ((double)features[mean + 1]).ShouldBe(Naive.Std(seen, window), 1e-6 * scale);
            }

            ((double)features[FeatureSpec.AboveFast]).ShouldBe(values[^1] - fast, 1e-6 * scale);
            ((double)features[FeatureSpec.AboveSlow]).ShouldBe(values[^1] - slow, 1e-6 * scale);
            Close(features[FeatureSpec.Baseline], Naive.Quantile(seen.TakeLast(300).Select(v => (double)(float)v), 0.5));
        },
        iter: 200);

    [Fact]
    public void One_huge_value_leaves_no_trace_once_the_windows_have_passed_it()
    {
        var (struck, calm) = (new SeriesFeatures("1"), new SeriesFeatures("1"));
        float[] after = new float[FeatureSpec.Count], expected = new float[FeatureSpec.Count];
        for (var i = 0; i < 400; i++)
        {
            struck.Update(i, i == 100 ? 1e30 : i % 7, after);
            calm.Update(i, i % 7, expected);
            if (i is < 160 or >= 340)
            {
                continue;
            }

            after[FeatureSpec.Mean60].ShouldBe(expected[FeatureSpec.Mean60], 1e-5f);
            after[FeatureSpec.Std60].ShouldBe(expected[FeatureSpec.Std60], 1e-5f);
        }

        after[FeatureSpec.Mean240].ShouldBe(expected[FeatureSpec.Mean240], 1e-5f);
        after[FeatureSpec.Std240].ShouldBe(expected[FeatureSpec.Std240], 1e-5f);
    }

    [Fact]
    public void A_missing_value_gives_NaN_and_the_windows_wait()
    {
        var (with, without) = (new SeriesFeatures("By"), new SeriesFeatures("By"));
        float[] expected = new float[FeatureSpec.Count], actual = new float[FeatureSpec.Count];
        for (var i = 0; i < 300; i++)
        {
            without.Update(i, i * 7 % 13, expected);
            with.Update(i, i * 7 % 13, actual);
            actual.ShouldBe(expected);
            foreach (var missing in new[] { double.NaN, double.NegativeInfinity, 1e300 })
            {
                with.Update(i, missing, actual);
                actual.ShouldAllBe(feature => float.IsNaN(feature));
            }
        }

        with.Samples.ShouldBe(300);
        with.Gaps.ShouldBe(900);
    }

    [Fact]
    public void A_checkpoint_continues_as_if_nothing_had_happened() => Gen.Select(Values, Gen.Int[0, 599], Gen.Int[0, 3].Select(i => Units[i])).Sample(
        (values, cut, unit) =>
        {
            float[] expected = new float[FeatureSpec.Count], actual = new float[FeatureSpec.Count];
            SeriesFeatures original = new(unit), restored = new(unit);
            for (var i = 0; i < values.Length; i++)
            {
                if (i == cut)
                {
                    restored = Copy(original);
                }

                original.Update(i, values[i], expected);
                if (i < cut)
                {
                    restored.Update(i, values[i], actual);
                }
                else
                {
                    restored.Update(i, values[i], actual);
                    actual.ShouldBe(expected);
                }
            }

            Bytes(restored).ShouldBe(Bytes(original));
        },
        iter: 150);

    [Fact]
    public void A_million_updates_around_a_billion_stay_exact()
    {
        var random = new SeededRandom(5);
        var series = new SeriesFeatures("");
        var features = new float[FeatureSpec.Count];
        var last = new Queue<double>();
        for (var i = 0; i < 1_000_000; i++)
        {
            var value = 1e9 + random.NextGaussian();
            last.Enqueue(value);
            if (last.Count > 240)
            {
                last.Dequeue();
            }

            series.Update(i, value, features);
        }

        double[] window = [.. last];
        foreach (var (size, std) in new[] { (5, FeatureSpec.Std5), (20, FeatureSpec.Std20), (60, FeatureSpec.Std60), (240, FeatureSpec.Std240) })
        {
            Close(features[std], Naive.Std([.. window.Select(v => v - 1e9)], size));
        }

        series.Samples.ShouldBe(1_000_000);
    }

    [Fact]
    public void Saturation_is_unmistakable_at_once_and_not_absorbed_within_a_minute()
    {
        var (series, features) = Warm("1", random => 0.05 + (0.01 * random.NextGaussian()), 300);
        for (var i = 0; i < 60; i++)
        {
            series.Update(300 + i, 0.95, features);
            features[FeatureSpec.Z].ShouldBeGreaterThan(20);
            if (i >= 7)
            {
                features[FeatureSpec.ZLevel].ShouldBeGreaterThan(20);
            }
        }
    }

    [Fact]
    public void Bursts_of_an_idle_counter_move_the_level_not_at_all_and_become_ordinary()
    {
        var random = new SeededRandom(11);
        var series = new SeriesFeatures("{operation}/s");
        var features = new float[FeatureSpec.Count];
        double first = 0, last = 0;
        for (var i = 0; i < 1800; i++)
        {
            var bursting = i > 90 && i % 90 < 4;
            series.Update(i, bursting ? 300 + random.NextInt(200) : 0, features);
            features[FeatureSpec.ZLevel].ShouldBe(0);
            if (bursting)
            {
                first = first == 0 ? features[FeatureSpec.Z] : first;
                last = features[FeatureSpec.Z];
            }
        }

        first.ShouldBeGreaterThan(6);
        last.ShouldBeLessThan(3.5);
    }

    [Fact]
    public void A_cold_series_reads_as_unremarkable()
    {
        var series = new SeriesFeatures("1");
        var features = new float[FeatureSpec.Count];
        for (var i = 0; i < MaturityLevels.WarmingSamples - 1; i++)
        {
            series.Update(i, i % 2, features);
            features[FeatureSpec.Z].ShouldBe(0);
            series.Maturity.ShouldBe(Maturity.Cold);
        }

        series.Update(20, 5, features);
        features[FeatureSpec.Z].ShouldBeGreaterThan(0);
        series.Maturity.ShouldBe(Maturity.Warming);
    }

    [Fact]
    public void State_is_small_and_updates_do_not_allocate()
    {
        var (series, features) = Warm("By", random => 1e6 * random.NextDouble(), 4000);
        Bytes(series).Length.ShouldBeLessThan(4096);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            series.Update(i, i % 17 * 1e5, features);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void A_foreign_or_damaged_checkpoint_is_refused_with_a_remedy()
    {
        var (series, _) = Warm("1", random => random.NextDouble(), 300);
        var written = Bytes(series);
        Refused(bytes => bytes[0] = 2, "has version 2");

        // Behind version, unit, samples, gaps and three numbers of eight bytes: how many points the windows have seen, then numbers.
        const int points = 1 + 2 + 4 + 4 + (3 * 8);
        Refused(bytes => bytes[points + 7] = 0x80, "points");
        Refused(bytes => bytes.AsSpan(points + 8 + 6, 2).Fill(0xff), "not finite");

        void Refused(Action<byte[]> damage, string reason)
        {
            var bytes = (byte[])written.Clone();
            damage(bytes);
            var message = Should.Throw<InvalidDataException>(() => SeriesFeatures.Read(new BinaryReader(new MemoryStream(bytes)))).Message;
            message.ShouldContain(reason);
            message.ShouldContain("discard it");
        }
    }

    static (SeriesFeatures Series, float[] Features) Warm(string unit, Func<SeededRandom, double> next, int ticks)
    {
        var random = new SeededRandom(3);
        var series = new SeriesFeatures(unit);
        var features = new float[FeatureSpec.Count];
        for (var i = 0; i < ticks; i++)
        {
            series.Update(i, next(random), features);
        }

        return (series, features);
    }

    static byte[] Bytes(SeriesFeatures series)
    {
        using var stream = new MemoryStream();
        series.Write(new BinaryWriter(stream));
        return stream.ToArray();
    }

    static SeriesFeatures Copy(SeriesFeatures series) => SeriesFeatures.Read(new BinaryReader(new MemoryStream(Bytes(series))));

    static void Close(double actual, double expected) => actual.ShouldBe(expected, 1e-5 * Math.Max(1, Math.Abs(expected)));
}
