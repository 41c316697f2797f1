using CsCheck;
using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.Models.Tests.Detection;

public sealed class BreachWatchTests(ITestOutputHelper output)
{
    const long T0 = 1_772_366_400_000;
    const double Slope = 0.002;
    const double Noise = 0.001;

    static readonly SeriesSchema Schema = SeriesSchema.Of([SeriesColumn.Of("app.a", "{x}", limit: 1), SeriesColumn.Of("app.b", "{x}", limit: 1)]);

    [Fact]
    public void A_limit_that_is_reached_is_told_on_that_very_tick_and_goes_on_every_five_seconds()
    {
        foreach (var seed in (int[])[1, 2, 3, 4, 5])
        {
            var run = new Run(seed);
            run.Seconds(600, t => 0.3 + (Slope * t));
            var first = run.Reached.ShouldNotBeNull("the limit was reached");
            run.Told[0].Alarm.Forecast.Course.ShouldBe(ForecastCourse.Ahead);
            var reached = run.Of(ForecastCourse.Reached);
            reached[0].T.ShouldBe(first);
            reached[0].Alarm.Since.ShouldBe(run.Told[0].T, "it belongs to what was said before");
            reached[0].Alarm.Forecast.MedianSeconds.ShouldBe(0);
            reached.Count.ShouldBeGreaterThan(20);
            reached.Skip(2).Zip(reached.Skip(1)).ShouldAllBe(pair => pair.First.T - pair.Second.T == 5000);
            run.Of(ForecastCourse.Reset).Count.ShouldBe(0);
        }
    }

    [Fact]
    public void A_series_that_was_at_its_limit_from_the_start_was_not_predicted()
    {
        var run = new Run(1);
        run.Seconds(300, _ => 1.2);
        run.Told.ShouldBeEmpty();
    }

    [Fact]
    public void A_series_that_falls_back_at_once_is_told_once_as_reset_and_not_as_ahead_any_more()
    {
        foreach (var (seed, after) in (IEnumerable<(int, int)>)[(1, 150), (2, 200), (3, 300), (4, 330)])
        {
            var run = new Run(seed);
            run.Seconds(after, t => 0.3 + (Slope * t));
            run.Of(ForecastCourse.Ahead).ShouldNotBeEmpty();
            run.Seconds(300, _ => 0.3);
            var reset = run.Of(ForecastCourse.Reset).ShouldHaveSingleItem();
            output.WriteLine($"after {after} s: told {(reset.T - T0 - (after * 1000)) / 1000} s later");
            (reset.T - T0 - (after * 1000)).ShouldBeLessThanOrEqualTo(12_000);
            reset.Alarm.Stands.ShouldBeFalse();
            run.Told[^1].ShouldBe(reset, "nothing follows");
            run.Of(ForecastCourse.Receded).ShouldBeEmpty();
        }
    }

    [Fact]
    public void After_a_reset_the_next_way_up_is_a_prediction_of_its_own()
    {
        var run = new Run(6);
        run.Seconds(250, t => 0.3 + (Slope * t));
        run.Seconds(600, _ => 0.3);
        run.Seconds(400, t => 0.3 + (Slope * t));
        run.Told.Select(told => told.Alarm.Forecast.Course).Aggregate(new List<ForecastCourse>(), Changes)
            .ShouldBe([ForecastCourse.Ahead, ForecastCourse.Reset, ForecastCourse.Ahead, ForecastCourse.Reached]);
        run.Told[^1].Alarm.Since.ShouldBeGreaterThan(T0 + 850_000);
    }

    [Fact]
    public void A_rise_that_ends_recedes_once()
    {
        foreach (var seed in (int[])[1, 2, 3])
        {
            var run = new Run(seed);
            run.Seconds(200, t => 0.3 + (Slope * t));
            run.Seconds(900, _ => 0.3 + (Slope * 200));
            var receded = run.Of(ForecastCourse.Receded).ShouldHaveSingleItem($"seed {seed}");
            run.Told[^1].ShouldBe(receded);
            run.Of(ForecastCourse.Reset).ShouldBeEmpty();
            run.Of(ForecastCourse.Reached).ShouldBeEmpty();
        }
    }

    [Fact]
    public void Relief_by_garbage_collection_on_the_way_is_no_reset()
    {
        foreach (var seed in (int[])[1, 2, 3])
        {
            var run = new Run(seed);
            run.Seconds(900, t => 0.3 + (0.0007 * t) + (0.03 * (t % 23) / 23));
            run.Of(ForecastCourse.Ahead).ShouldNotBeEmpty($"seed {seed}");
            run.Of(ForecastCourse.Reset).ShouldBeEmpty($"seed {seed}");
        }
    }

    [Fact]
    public void Limits_of_two_series_are_told_side_by_side()
    {
        var run = new Run(3);
        run.Seconds(360, t => 0.3 + (Slope * t), t => 0.3 + (0.9 * Slope * t));
        var first = run.Of(ForecastCourse.Reached)[0];
        first.Alarm.Column.ShouldBe(0);
        run.Of(ForecastCourse.Ahead).ShouldContain(told => told.T > first.T && told.Alarm.Column == 1, "a limit that stays reached does not hide the next one");
    }

    [Fact]
    public void Whatever_happens_the_story_of_each_series_is_in_order() => Gen.Select(Gen.Int[1, 100_000], Gen.Double[0.0005, 0.006], Gen.Double[0, 0.01], Gen.Int[0, 3].Array[4, 8]).Sample(
        (seed, slope, noise, legs) =>
        {
            var (run, level) = (new Run(seed, noise), 0.3);
            foreach (var leg in legs)
            {
                var from = level;
                Func<int, double> way = leg switch
                {
                    0 => t => Math.Min(from + (slope * t), 1.1),
                    1 => _ => from,
                    2 => _ => 0.3,
                    _ => t => Math.Max(from - (slope * t), 0),
                };
                run.Seconds(200, way);
                level = way(199);
            }
            var (said, since) = (false, 0L);
            foreach (var (t, alarm) in run.Told)
            {
                if (said)
                    alarm.Since.ShouldBe(since);
                switch (alarm.Forecast.Course)
                {
                    case ForecastCourse.Ahead:
                        (said, since) = (true, alarm.Since);
                        break;
                    case ForecastCourse.Reached:
                        run.IsAtLimit(t).ShouldBeTrue();
                        (said, since) = (true, alarm.Since);
                        break;
                    default:
                        said.ShouldBeTrue("nothing ends that was not told");
                        said = false;
                        break;
                }
                alarm.Since.ShouldBeLessThanOrEqualTo(t);
            }
        },
        iter: 40);

    [Fact]
    public void A_checkpoint_goes_on_with_the_same_story() => Gen.Select(Gen.Int[1, 10_000], Gen.Int[0, 599]).Sample(
        (seed, cut) =>
        {
            Run original = new(seed), restored = new(seed, restoreAt: cut);
            foreach (var run in (Run[])[original, restored])
            {
                run.Seconds(200, t => 0.3 + (Slope * t));
                run.Seconds(100, _ => 0.3);
                run.Seconds(400, t => 0.3 + (Slope * t));
                run.Seconds(100, _ => 0.4);
            }
            restored.Told.ShouldBe(original.Told);
        },
        iter: 10);

    [Fact]
    public void A_checkpoint_from_before_there_were_outcomes_is_read_and_goes_on()
    {
        var watched = new WatchedLimit(1, new BreachForecaster(1)) { Id = "x" };
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write((byte)1);
        writer.Write(T0);
        writer.Write(1);
        writer.Write("x");
        writer.Write(1.0);
        writer.Write(true);
        writer.Write(T0 - 5000);
        watched.Forecaster.Write(writer);
        bytes.Position = 0;
        using var reader = new BinaryReader(bytes);
        BreachWatch.Read(reader).Forecasts.ShouldBeEmpty();
        bytes.Position.ShouldBe(bytes.Length);
        bytes.GetBuffer()[0] = 9;
        bytes.Position = 0;
        Should.Throw<InvalidDataException>(() => BreachWatch.Read(reader)).Message.ShouldContain("version 9");
    }

    static List<ForecastCourse> Changes(List<ForecastCourse> changes, ForecastCourse next)
    {
        if (changes.Count == 0 || changes[^1] != next)
            changes.Add(next);
        return changes;
    }

    sealed class Run(int seed, double noise = Noise, int restoreAt = -1)
    {
        readonly SeededRandom _random = new(seed);
        readonly HashSet<long> _atLimit = [];
        BreachWatch _watch = new();
        int _second;

        public List<(long T, BreachAlarm Alarm)> Told { get; } = [];

        /// <summary>When the first series reached its limit first.</summary>
        public long? Reached { get; private set; }

        public bool IsAtLimit(long t) => _atLimit.Contains(t);

        public List<(long T, BreachAlarm Alarm)> Of(ForecastCourse course) => [.. Told.Where(told => told.Alarm.Forecast.Course == course)];

        public void Seconds(int count, Func<int, double> first, Func<int, double>? second = null)
        {
            for (var i = 0; i < count; i++, _second++)
            {
                if (_second == restoreAt)
                    _watch = Copy(_watch);
                var t = T0 + (_second * 1000L);
                var features = new float[2 * FeatureSpec.Count];
                features[FeatureSpec.Value] = (float)(first(i) + (noise * _random.NextGaussian()));
                features[FeatureSpec.Count + FeatureSpec.Value] = (float)((second?.Invoke(i) ?? 0.5) + (noise * _random.NextGaussian()));
                if (features[FeatureSpec.Value] >= 1)
                {
                    Reached ??= t;
                    _atLimit.Add(t);
                }
                foreach (var alarm in _watch.Add(t, features, Schema))
                    Told.Add((t, alarm));
            }
        }

        static BreachWatch Copy(BreachWatch watch)
        {
            using var bytes = new MemoryStream();
            watch.Write(new BinaryWriter(bytes));
            bytes.Position = 0;
            var copy = BreachWatch.Read(new BinaryReader(bytes));
            bytes.Position.ShouldBe(bytes.Length);
            return copy;
        }
    }
}
