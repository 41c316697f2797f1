using System.Globalization;
using CsCheck;
using Forewarn.Analytics.Tests.Simulation;

namespace Forewarn.Analytics.Tests.Lanes;

/// <summary>What creeps away is told long before anything else sees it, and what metrics do on any day is not.</summary>
public sealed class CreepTests(ITestOutputHelper output)
{
    const int Day = 1440;
    const int Weeks = 4;
    const int Seeds = 20;

    // Rules were chosen on the first seeds; judged on these.
    const int FirstSeed = 1001;

    const long Minute = 60_000;
    const double Improbable = 1e-6 / 60;

    static readonly Dictionary<string, (string Unit, Func<SeededRandom, Func<int, double>> Make)> Courses = new(StringComparer.Ordinal)
    {
        ["noise that remembers half an hour"] = ("%", random => Wander(random, 30, 40, 2)),
        ["noise that remembers six hours"] = ("%", random => Wander(random, 360, 40, 4)),
        ["a daily rhythm"] = ("{request}/s", random => Rhythm(random, _ => 0.3, _ => 1)),
        ["a daily rhythm of changing size"] = ("{request}/s", random => Rhythm(random, day => 0.2 + (0.25 * (day * 7 % 11) / 11), _ => 1)),
        ["weekends at 40 %"] = ("{request}/s", random => random.NextInt(7) is var first ? Rhythm(random, _ => 0.5, day => (day + first) % 7 > 4 ? 0.4 : 1) : null!),
        ["a heap collected each seven hours"] = ("By", random => Sawtooth(random, 420, 2e8, 7e8)),
        ["a heap collected each two days"] = ("By", random => Sawtooth(random, 2900, 2e8, 7e8)),
        ["a disk cleaned up each week"] = ("1", random => Sawtooth(random, 7 * Day, 0.3, 0.4)),
        ["a disk that always fills in bursts"] = ("1", random => 0.3 is var disk ? _ => disk = Math.Min(0.99, disk + (random.Chance(0.02) ? 0.0005 * random.NextExponential(1) : 0)) : null!),
        ["a counter with restarts"] = ("s", _ => minute => 5000 + (60 * (minute % 9000))),
        ["a count"] = ("{connection}", random => _ => Math.Round(20 + (3 * random.NextGaussian()))),
        ["bursts"] = ("By/s", random => _ => random.Chance(0.3) ? 4096 * Math.Floor(400 * random.NextExponential(1)) : 0),
        ["steps for good, one in a week"] = ("%", random => 40.0 is var level ? minute => (level = minute % (7 * Day) == 5000 ? random.Between(10, 90) : level) + random.NextGaussian() : null!),
    };

    [Fact]
    public void Days_of_all_kinds_tell_a_trend_of_a_metric_once_in_three_years_at_most()
    {
        var trends = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (name, (unit, make)) in Courses)
        {
            trends[name] = Enumerable.Range(FirstSeed, Seeds).AsParallel().AsOrdered()
                .SelectMany(seed => Openings(unit, make(new SeededRandom(seed, 3)), Weeks * 7 * Day)).Count(opening => opening.Happens == MetricEvent.Trend);
            output.WriteLine($"{name}: {trends[name]} trends in {Seeds * Weeks} weeks");
        }

        trends.Values.Sum().ShouldBeLessThanOrEqualTo(Courses.Count * Seeds * Weeks / (3 * 52));
    }

    /// <remarks>A walk goes anywhere in the end: nothing tells it from a creep but how far its days have taken it.</remarks>
    [Fact]
    public void A_random_walk_is_told_once_in_half_a_year_at_most()
    {
        var told = Enumerable.Range(FirstSeed, 2 * Seeds).AsParallel().AsOrdered()
            .SelectMany(seed => Openings("1", Walk(new SeededRandom(seed, 3)), Weeks * 7 * Day)).Count(opening => opening.Happens == MetricEvent.Trend);
        output.WriteLine($"{told} trends in {2 * Seeds * Weeks} weeks of random walks");
        told.ShouldBeLessThanOrEqualTo(2 * Seeds * Weeks / 26 * 2);
    }

    [Theory]
    [InlineData("noise that remembers half an hour", 20)]
    [InlineData("noise that remembers six hours", 15)]
    [InlineData("a daily rhythm", 13)]
    [InlineData("a count", 20)]
    public void What_doubles_within_a_day_is_told_where_no_level_is(string name, int atLeast)
    {
        foreach (var hours in (int[])[6, 12, 24, 48, 96])
        {
            var found = Enumerable.Range(FirstSeed, Seeds).AsParallel().AsOrdered().Select(seed => Creep(name, hours, seed)).ToList();
            var trends = found.Select(one => one.Trend).OfType<double>().Order().ToList();
            var levels = found.Count(one => one.Level is not null);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name}, doubling in {hours} h: trend in {trends.Count} of {Seeds}, median {(trends.Count == 0 ? double.NaN : trends[trends.Count / 2]):0.0} h; level in {levels}"));
            if (hours is 12 or 24)
            {
                trends.Count.ShouldBeGreaterThanOrEqualTo(atLeast);
                levels.ShouldBeLessThan(trends.Count);
            }
        }
    }

    [Fact]
    public void A_trend_says_where_the_metric_was_lasts_an_hour_and_is_what_there_is_from_then_on()
    {
        var (random, metric) = (new SeededRandom(8), new Metric("Cel"));
        var told = new List<int>();
        for (var minute = 0; minute < 20 * Day; minute++)
        {
            var value = 40 + (40 * Math.Clamp((minute - (10.0 * Day)) / Day, 0, 1)) + random.NextGaussian();
            if (metric.Take(value) == MetricEvent.Trend)
            {
                told.Add(minute);
                ((double)metric.Watch.Usual.Baseline).ShouldBe(40, 0.5);
                metric.Watch.P.ShouldBeLessThanOrEqualTo(Improbable);
            }
        }

        told.Count.ShouldBeInRange(55, 65);
        (told[^1] - told[0] + 1).ShouldBe(told.Count, "once, without a gap");
        told[0].ShouldBeInRange(10 * Day, (10 * Day) + 720);
    }

    [Fact]
    public void Two_days_of_hosts_tell_no_trend_and_no_ramp()
    {
        const int hosts = 2;
        const int seconds = 44 * 3600;
        var told = Enumerable.Range(501, hosts).AsParallel().AsOrdered().SelectMany(seed =>
        {
            var host = new HostSimulator(seed);
            var metrics = host.Series.Select(one => new Metric(one.Unit, 1000)).ToArray();
            var (values, names) = (new double[metrics.Length], new SortedSet<string>(StringComparer.Ordinal));
            for (var second = 0; second < seconds; second++)
            {
                host.Next(second, Fault.None, 0, values);
                for (var i = 0; i < metrics.Length; i++)
                {
                    if (metrics[i].Take(values[i]) is MetricEvent.Trend or MetricEvent.Ramp)
                    {
                        names.Add($"{seed} {host.Series[i].Name}");
                    }
                }
            }

            return names;
        }).ToList();
        told.ShouldBeEmpty();
    }

    [Fact]
    public void A_checkpoint_continues_as_if_nothing_had_happened() => Gen.Select(Gen.Int[0, 20_000], Gen.Int[0, 1000]).Sample(
        (cut, seed) =>
        {
            var (random, metric, told) = (new SeededRandom(seed), new Metric("Cel"), 0);
            MetricWatch? copy = null;
            for (var minute = 0; minute < 20_000; minute++)
            {
                copy = minute == cut ? Copy(metric.Watch) : copy;
                var happens = metric.Take(40 + (40 * Math.Clamp((minute - (10.0 * Day)) / Day, 0, 1)) + random.NextGaussian());
                told += happens == MetricEvent.Trend ? 1 : 0;
                if (copy is not null)
                {
                    copy.Take(metric.T, metric.Features, Improbable).ShouldBe(happens);
                    (copy.P, copy.Since, copy.Usual).ShouldBe((metric.Watch.P, metric.Watch.Since, metric.Watch.Usual));
                }
            }

            told.ShouldBeGreaterThan(0);
        },
        iter: 20);

    static (double? Trend, double? Level) Creep(string name, int hours, int seed)
    {
        var ((unit, make), start) = (Courses[name], (10 * Day) + ((seed - FirstSeed) * 67));
        var course = make(new SeededRandom(seed, 3));
        var told = Openings(unit, minute => course(minute) * (1 + Math.Clamp((minute - start) / (60.0 * hours), 0, 1)), start + (72 * hours) + 720);
        return (First(MetricEvent.Trend), First(MetricEvent.Level));

        double? First(MetricEvent happens) => told.Where(one => one.Minute >= start && one.Happens == happens).Select(one => (double?)((one.Minute - start) / 60.0)).FirstOrDefault();
    }

    static List<(int Minute, MetricEvent Happens)> Openings(string unit, Func<int, double> course, int minutes)
    {
        var (metric, before, told) = (new Metric(unit), MetricEvent.None, new List<(int, MetricEvent)>());
        for (var minute = 0; minute < minutes; minute++)
        {
            var happens = metric.Take(course(minute));
            if (happens != MetricEvent.None && happens != before)
            {
                told.Add((minute, happens));
            }

            before = happens;
        }

        return told;
    }

    static Func<int, double> Wander(SeededRandom random, double minutes, double level, double deviation)
    {
        var (kept, own) = (Math.Exp(-1 / minutes), 0.0);
        return _ => level + (deviation * (own = (kept * own) + (Math.Sqrt(1 - (kept * kept)) * random.NextGaussian())));
    }

    static Func<int, double> Rhythm(SeededRandom random, Func<int, double> size, Func<int, double> factor)
    {
        var load = Wander(random, 30, 0, 0.06);
        return minute => 100 * factor(minute / Day) * (1 - (size(minute / Day) * Math.Cos(2 * Math.PI * minute / Day)) + load(minute)) * (1 + (0.04 * random.NextGaussian()));
    }

    static Func<int, double> Sawtooth(SeededRandom random, int period, double low, double height)
    {
        var at = random.NextInt(period);
        return _ => low + (height * (at = at >= period ? 0 : at + random.NextInt(3)) / period);
    }

    static Func<int, double> Walk(SeededRandom random)
    {
        var level = 0.4;
        return _ => (level += 0.0023 * random.NextGaussian()) + (0.002 * random.NextGaussian());
    }

    static MetricWatch Copy(MetricWatch watch)
    {
        using var stream = new MemoryStream();
        watch.Write(new BinaryWriter(stream));
        stream.Position = 0;
        return MetricWatch.Read(new BinaryReader(stream));
    }

    sealed class Metric(string unit, long stepMs = Minute)
    {
        readonly SeriesFeatures _series = new(unit);

        public MetricWatch Watch { get; } = new();

        public float[] Features { get; } = new float[FeatureSpec.Count];

        public long T { get; private set; }

        public MetricEvent Take(double value)
        {
            _series.Update(T += stepMs, value, Features);
            return Watch.Take(T, Features, Improbable);
        }
    }
}
