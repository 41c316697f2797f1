using CsCheck;

namespace Forewarn.Analytics.Tests.Lanes;

public sealed class MetricWatchTests
{
    const int Learnt = 1500;
    const int Metrics = 60;

    static readonly Gen<double> Value = Gen.OneOf(Gen.Double[-100, 100], Gen.Int[0, 2].Select(i => (double)i), Gen.Const(double.NaN), Gen.Const(50.0));

    [Fact]
    public void Silence_a_flat_line_and_a_drop_to_zero_are_told_at_the_third_interval() => Gen.Select(Gen.Int[0, 100_000], Gen.OneOf(Gen.Const(1000L), Gen.Const(60_000L), Gen.Const(300_000L))).Sample(
        (seed, stepMs) =>
        {
            foreach (var (happens, value) in ((MetricEvent, double)[])[(MetricEvent.Silence, double.NaN), (MetricEvent.DropToZero, 0), (MetricEvent.FlatLine, 100.5)])
            {
                var metric = new Metric(seed, stepMs);
                metric.Ordinary(Learnt);
                if (happens == MetricEvent.FlatLine)
                {
                    metric.Take(value);
                }

                var since = happens == MetricEvent.DropToZero ? metric.T + stepMs : metric.T;
                Enumerable.Range(0, 3).Select(_ => metric.Take(value)).ShouldBe([MetricEvent.None, MetricEvent.None, happens], $"seed {seed}");
                metric.Watch.Since.ShouldBe(since);
                metric.Watch.P.ShouldBeLessThanOrEqualTo(1e-6 / Metrics);
                Enumerable.Range(0, 8).Select(_ => metric.Take(value)).ShouldAllBe(told => told == happens);
                metric.Ordinary(3);
                metric.Watch.Event.ShouldBe(MetricEvent.None, "it moves again");
            }
        },
        iter: 40);

    [Theory]
    [InlineData(1000, 600)]
    [InlineData(60_000, 10)]
    public void A_step_of_twelve_deviations_is_a_level_from_its_seventh_tick_to_its_end(long stepMs, int held)
    {
        foreach (var (unit, level, deviation) in ((string, double, double)[])[("1", 0.4, 0.02), ("%", 40, 2), ("By", 8e9, 4e8), ("Cel", 50, 1), ("{request}/s", 120, 3), ("%", 50, 0.5)])
        {
            for (var seed = 0; seed < 10; seed++)
            {
                var metric = new Metric(seed, stepMs, unit, level, deviation);
                metric.Ordinary(Learnt);
                var start = metric.T + stepMs;
                var told = Enumerable.Range(0, held).Select(_ => metric.Take(metric.Ordinary() + (12 * deviation))).ToArray();
                var first = Array.IndexOf(told, MetricEvent.Level);
                first.ShouldBeInRange(6, 9, $"{unit}, seed {seed}");
                told[first..].ShouldAllBe(happens => happens == MetricEvent.Level);
                metric.Watch.Since.ShouldBeLessThanOrEqualTo(start + (first * stepMs));
                ((double)metric.Watch.Usual.Baseline).ShouldBe(level, deviation);
                metric.Ordinary(3);
                metric.Watch.Event.ShouldBe(MetricEvent.None);
            }
        }
    }

    [Fact]
    public void A_metric_that_comes_with_one_tick_in_fifteen_is_missed_after_three_of_its_intervals()
    {
        var metric = new Metric(seed: 3, 1000);
        for (var i = 0; i < 15 * 300; i++)
        {
            metric.Take(i % 15 == 0 ? metric.Ordinary() : double.NaN).ShouldBe(MetricEvent.None);
        }

        metric.Take(metric.Ordinary());
        Enumerable.Range(1, 60).First(_ => metric.Take(double.NaN) == MetricEvent.Silence).ShouldBe(45);
        metric.Watch.Interval.ShouldBe(15, 0.5);
    }

    [Fact]
    public void A_metric_that_often_fails_to_come_is_missed_later()
    {
        var (metric, random) = (new Metric(seed: 4, 1000), new SeededRandom(4));
        for (var i = 0; i < 5000; i++)
        {
            metric.Take(random.Chance(0.3) ? double.NaN : metric.Ordinary()).ShouldBe(MetricEvent.None, $"tick {i}");
        }

        metric.Take(metric.Ordinary());
        Enumerable.Range(1, 60).First(_ => metric.Take(double.NaN) == MetricEvent.Silence).ShouldBeInRange(13, 40);
    }

    [Fact]
    public void What_stands_steps_counts_or_rests_is_never_told()
    {
        var random = new SeededRandom(5);
        var level = 30.0;
        Dictionary<string, Func<int, double>> courses = new(StringComparer.Ordinal)
        {
            ["constant"] = _ => 42,
            ["steps"] = _ => random.Chance(0.002) ? level = random.Between(10, 90) : level,
            ["few values"] = _ => random.NextInt(3),
            ["a count"] = _ => Math.Round(20 + (3 * random.NextGaussian())),
            ["held for 15 ticks"] = i => i / 15 * 7919 % 101,
            ["idle, with bursts"] = _ => random.Chance(0.02) ? Math.Round(random.NextExponential(50)) : 0,
            ["a rate that rests at night"] = i => Math.Max(0, Math.Round((100 * Math.Sin(i / 3000.0)) + (4 * random.NextGaussian()))),
            ["a counter"] = i => 5000 + i,
            ["a saw-tooth"] = i => 100 + (i % 97) + random.NextDouble(),
            ["a wave"] = i => 100 + (50 * Math.Sin(i / 100.0)) + random.NextGaussian(),
        };
        foreach (var (name, course) in courses)
        {
            var metric = new Metric(seed: 6, 1000, "%");
            for (var i = 0; i < 40_000; i++)
            {
                metric.Take(course(i)).ShouldBe(MetricEvent.None, $"{name}, tick {i}");
            }
        }
    }

    [Fact]
    public void What_comes_again_must_last_longer_or_go_farther_and_what_lasts_for_an_hour_is_what_there_is()
    {
        var metric = new Metric(seed: 7, 1000);
        metric.Ordinary(Learnt);
        var value = metric.Ordinary();
        var told = Enumerable.Range(0, 4000).Select(_ => metric.Take(value)).ToArray();
        told.Count(happens => happens == MetricEvent.FlatLine).ShouldBeInRange(3590, 3600);
        told[3700..].ShouldAllBe(happens => happens == MetricEvent.None);

        metric.Ordinary(Learnt);
        Enumerable.Range(0, 100).First(_ => metric.Take(value) == MetricEvent.FlatLine).ShouldBeInRange(5, 8);
    }

    [Fact]
    public void A_new_level_that_stays_is_left_like_any_other()
    {
        var metric = new Metric(seed: 8, 1000);
        metric.Ordinary(Learnt);
        Enumerable.Range(0, 5000).Select(_ => metric.Take(metric.Ordinary() + 40)).ToArray()[^1].ShouldBe(MetricEvent.None);
        Enumerable.Range(0, 20).Select(_ => metric.Take(metric.Ordinary() + 120)).ToArray()[^1].ShouldBe(MetricEvent.Level);
    }

    [Fact]
    public void A_checkpoint_continues_as_if_nothing_had_happened() => Gen.Select(Value.Array[1, 600], Gen.Int[0, 599], Gen.Int[0, 1000]).Sample(
        (values, cut, seed) =>
        {
            var metric = new Metric(seed, 1000);
            metric.Ordinary(200);
            var copy = metric.Watch;
            for (var i = 0; i < values.Length; i++)
            {
                copy = i == cut ? Copy(metric.Watch) : copy;
                metric.Take(values[i]);
                if (i >= cut)
                {
                    copy.Take(metric.T, metric.Features, 1e-6 / Metrics).ShouldBe(metric.Watch.Event);
                    (copy.P, copy.Since, copy.Usual).ShouldBe((metric.Watch.P, metric.Watch.Since, metric.Watch.Usual));
                }
            }
        },
        iter: 100);

    [Fact]
    public void A_checkpoint_of_something_else_is_refused()
    {
        var bytes = Bytes(new MetricWatch());
        bytes.Length.ShouldBeLessThan(570);
        bytes[0]++;
        Should.Throw<InvalidDataException>(() => MetricWatch.Read(new BinaryReader(new MemoryStream(bytes)))).Message.ShouldContain("metric's watch");
    }

    [Fact]
    public void It_takes_little_memory_and_no_allocation_a_tick()
    {
        var watches = new MetricWatch[1000];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < watches.Length; i++)
        {
            watches[i] = new MetricWatch();
        }

        ((GC.GetAllocatedBytesForCurrentThread() - before) / watches.Length).ShouldBeLessThan(570);
        var (metric, random) = (new Metric(seed: 9, 1000), new SeededRandom(9));
        metric.Ordinary(1000);
        var t = metric.T;
        Run();
        before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        void Run()
        {
            for (var i = 0; i < 1000; i++)
            {
                metric.Features[FeatureSpec.Value] = i < 500 ? (float)random.NextDouble() : i < 600 ? 0 : i < 700 ? float.NaN : 200;
                metric.Features[FeatureSpec.Z] = i >= 700 ? 20 : 0;
                metric.Watch.Take(t += 1000, metric.Features, 1e-6);
            }
        }
    }

    static MetricWatch Copy(MetricWatch watch) => MetricWatch.Read(new BinaryReader(new MemoryStream(Bytes(watch))));

    static byte[] Bytes(MetricWatch watch)
    {
        using var stream = new MemoryStream();
        watch.Write(new BinaryWriter(stream));
        return stream.ToArray();
    }

    sealed class Metric(int seed, long stepMs, string unit = "Cel", double level = 100, double deviation = 1)
    {
        readonly SeededRandom _random = new(seed, 5);
        readonly SeriesFeatures _series = new(unit);

        public MetricWatch Watch { get; } = new();

        public float[] Features { get; } = new float[FeatureSpec.Count];

        public long T { get; private set; }

        public double Ordinary() => level + (deviation * _random.NextGaussian());

        public void Ordinary(int ticks)
        {
            for (var i = 0; i < ticks; i++)
            {
                Take(Ordinary());
            }
        }

        public MetricEvent Take(double value)
        {
            _series.Update(T += stepMs, value, Features);
            return Watch.Take(T, Features, 1e-6 / Metrics);
        }
    }
}
