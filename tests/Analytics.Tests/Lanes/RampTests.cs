using System.Globalization;
using CsCheck;

namespace Forewarn.Analytics.Tests.Lanes;

/// <summary>What runs away within minutes is told on its way, and what steps, waves or goes up and down as ever is not.</summary>
public sealed class RampTests(ITestOutputHelper output)
{
    const int Seeds = 20;

    // Rules were chosen on the first seeds; judged on these.
    const int FirstSeed = 2001;
    const int Hour = 3600;
    const double Improbable = 1e-6 / 60;

    static readonly Dictionary<string, (string Unit, Func<SeededRandom, Func<int, double>> Make)> Courses = new(StringComparer.Ordinal)
    {
        ["noise"] = ("%", random => _ => 40 + (2 * random.NextGaussian())),
        ["noise that remembers half a minute"] = ("%", random => Wander(random, 30, 40, 2)),
        ["noise that remembers five minutes"] = ("%", random => Wander(random, 300, 40, 2)),
        ["a latency"] = ("s", random => _ => 0.05 * Math.Exp(0.08 * random.NextGaussian())),
        ["a latency with a heavy tail"] = ("s", random => _ => 0.05 * Math.Exp(0.15 * random.NextGaussian()) * (random.Chance(0.01) ? 4 : 1)),
        ["a rhythm of an hour"] = ("{request}/s", random => second => (100 * (1 - (0.4 * Math.Cos(2 * Math.PI * second / Hour)))) + (4 * random.NextGaussian())),
        ["jobs of minutes"] = ("1", random => second => (second % 900 < 200 ? 0.6 : 0.1) + (0.02 * random.NextGaussian())),
        ["a load average of jobs"] = ("{thread}", random => 0.2 is var load ? second => load += ((second % 900 < 200 ? 4 : 0.2) - load + (0.3 * random.NextGaussian())) / 60 : null!),
        ["a heap collected every few minutes"] = ("By", random => 0.0 is var heap ? _ => 2e8 + (heap = heap > 7e8 ? 0 : heap + (4e6 * random.NextDouble())) : null!),
        ["a disk that fills steadily"] = ("1", random => second => Math.Min(0.99, 0.2 + (second * 5e-6) + (1e-5 * random.NextGaussian()))),
        ["a count"] = ("{connection}", random => _ => Math.Round(20 + (3 * random.NextGaussian()))),
        ["steps, one in ten minutes"] = ("%", random => 40.0 is var level ? second => (level = second % 600 == 0 ? random.Between(10, 90) : level) + random.NextGaussian() : null!),
    };

    [Fact]
    public void Hours_of_all_kinds_tell_no_ramp()
    {
        foreach (var (name, (unit, make)) in Courses)
        {
            var ramps = Enumerable.Range(FirstSeed, Seeds).AsParallel().AsOrdered().Sum(seed => Ramps(unit, make(new SeededRandom(seed, 5)), 4 * Hour).Count);
            output.WriteLine($"{name}: {ramps} ramps in {Seeds * 4} hours");
            ramps.ShouldBe(0, name);
        }
    }

    [Theory]
    [InlineData("noise", 1)]
    [InlineData("noise that remembers half a minute", 1)]
    [InlineData("a latency", 1)]
    public void What_grows_threefold_within_minutes_is_told_on_its_way(string name, int fastest)
    {
        var (unit, make) = Courses[name];
        for (var minutes = fastest; minutes <= 8; minutes *= 2)
        {
            var ways = Enumerable.Range(FirstSeed, Seeds).AsParallel().AsOrdered().Select(seed =>
            {
                var (course, start, length) = (make(new SeededRandom(seed, 5)), Hour + (7 * (seed - FirstSeed)), 60 * minutes);
                var told = Run(unit, second => course(second) * (1 + (2 * Math.Clamp((second - start) / (double)length, 0, 1))), start + length)
                    .FindIndex(start, happens => happens is MetricEvent.Ramp or MetricEvent.Level);
                return told < 0 ? double.NaN : (told - start) / (double)length;
            }).ToList();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}, threefold in {minutes} min: told in {ways.Count(way => way <= 1)} of {Seeds}, after {ways.Order().ElementAt(Seeds / 2):0.00} of the way"));
            ways.Count(way => way <= 0.9).ShouldBeGreaterThanOrEqualTo(18, $"{minutes} min");
        }
    }

    [Fact]
    public void A_step_is_no_ramp_however_far_and_however_long_it_stays() => Gen.Select(Gen.Int[0, 100_000], Gen.Double[3, 60], Gen.Bool).Sample(
        (seed, deviations, isUp) =>
        {
            var random = new SeededRandom(seed);
            Ramps("%", second => 40 + random.NextGaussian() + (second < 1500 ? 0 : isUp ? deviations : -deviations), 3000).ShouldBeEmpty($"{deviations} deviations");
        },
        iter: 60);

    [Fact]
    public void It_says_since_when_and_where_the_metric_was_and_is_over_when_that_is_reached_again()
    {
        var (random, metric) = (new SeededRandom(9), new Metric("s", 1000));
        var told = new List<int>();
        for (var second = 0; second < 3000; second++)
        {
            // Up within two minutes, and back within one.
            var way = Math.Clamp((second - 1500) / 120.0, 0, 1) - Math.Clamp((second - 1700) / 60.0, 0, 1);
            if (metric.Take(0.1 * (1 + (2 * way)) * Math.Exp(0.08 * random.NextGaussian())) != MetricEvent.Ramp)
                continue;
            told.Add(second);
            if (told.Count > 1)
                continue;
            ((double)metric.Watch.Usual.Baseline).ShouldBe(0.1, 0.01);
            ((metric.Watch.Since - 1_800_000_000_000) / 1000).ShouldBeInRange(1500, told[0]);
            metric.Watch.P.ShouldBeLessThanOrEqualTo(Improbable);
        }
        told[0].ShouldBeInRange(1520, 1600);
        told[^1].ShouldBeInRange(1700, 1780);
        (told[^1] - told[0] + 1).ShouldBe(told.Count, "once, without a gap");
    }

    [Fact]
    public void The_same_again_is_told_no_more_until_that_has_faded()
    {
        var (random, metric) = (new SeededRandom(10), new Metric("s", 1000));
        var first = new List<int>();
        for (var second = 0; second < 20_000; second++)
        {
            var way = second % 5000 is >= 3000 and < 3120 ? (second % 5000 - 3000) / 120.0 : 0;
            if (metric.Take(0.1 * (1 + way) * Math.Exp(0.08 * random.NextGaussian())) == MetricEvent.Ramp)
                first.Add(second / 5000);
        }
        first.Distinct().ShouldBe([0]);
    }

    [Theory]
    [InlineData(10_000)]
    [InlineData(60_000)]
    public void What_comes_seldom_is_left_to_others(long stepMs)
    {
        var (random, metric) = (new SeededRandom(11), new Metric("s", stepMs));
        Enumerable.Range(0, 3000).Select(tick => metric.Take(0.1 * (1 + Math.Clamp((tick - 1500) / 120.0, 0, 2)) * Math.Exp(0.08 * random.NextGaussian())))
            .ShouldNotContain(MetricEvent.Ramp);
    }

    [Fact]
    public void A_checkpoint_continues_as_if_nothing_had_happened() => Gen.Select(Gen.Int[0, 1900], Gen.Int[0, 1000]).Sample(
        (cut, seed) =>
        {
            var (random, metric, told) = (new SeededRandom(seed), new Metric("s", 1000), 0);
            MetricWatch? copy = null;
            for (var second = 0; second < 1900; second++)
            {
                copy = second == cut ? Copy(metric.Watch) : copy;
                var happens = metric.Take(0.1 * (1 + (2 * Math.Clamp((second - 1500) / 120.0, 0, 1))) * Math.Exp(0.04 * random.NextGaussian()));
                told += happens == MetricEvent.None ? 0 : 1;
                if (copy is not null)
                {
                    copy.Take(metric.T, metric.Features, Improbable).ShouldBe(happens);
                    (copy.P, copy.Since, copy.Usual).ShouldBe((metric.Watch.P, metric.Watch.Since, metric.Watch.Usual));
                }
            }
            told.ShouldBeGreaterThan(0);
        },
        iter: 20);

    static List<MetricEvent> Run(string unit, Func<int, double> course, int seconds)
    {
        var metric = new Metric(unit, 1000);
        return [.. Enumerable.Range(0, seconds).Select(second => metric.Take(course(second)))];
    }

    static List<int> Ramps(string unit, Func<int, double> course, int seconds)
    {
        var told = Run(unit, course, seconds);
        return [.. Enumerable.Range(0, seconds).Where(second => told[second] == MetricEvent.Ramp && (second == 0 || told[second - 1] != MetricEvent.Ramp))];
    }

    static Func<int, double> Wander(SeededRandom random, double seconds, double level, double deviation)
    {
        var (kept, own) = (Math.Exp(-1 / seconds), 0.0);
        return _ => level + (deviation * (own = (kept * own) + (Math.Sqrt(1 - (kept * kept)) * random.NextGaussian())));
    }

    static MetricWatch Copy(MetricWatch watch)
    {
        using var stream = new MemoryStream();
        watch.Write(new BinaryWriter(stream));
        stream.Position = 0;
        return MetricWatch.Read(new BinaryReader(stream));
    }

    sealed class Metric(string unit, long stepMs)
    {
        readonly SeriesFeatures _series = new(unit);

        public MetricWatch Watch { get; } = new();

        public float[] Features { get; } = new float[FeatureSpec.Count];

        public long T { get; private set; } = 1_800_000_000_000;

        public MetricEvent Take(double value)
        {
            _series.Update(T += stepMs, value, Features);
            return Watch.Take(T, Features, Improbable);
        }
    }
}
