using CsCheck;

namespace Forewarn.Analytics.Tests.Forecasts;

/// <summary>What shows in hours and days.</summary>
public sealed class BreachForecasterHoursTests(ITestOutputHelper output)
{
    const int MinutesADay = 1440;

    [Theory]
    [InlineData(60)]
    [InlineData(5)]
    public void A_daily_cycle_that_came_back_yesterday_does_not_alarm_and_a_leak_on_top_of_it_does(int cadence)
    {
        var random = new SeededRandom(5);
        var alarms = new int[4];
        var perDay = MinutesADay * 60 / cadence;
        var forecaster = new BreachForecaster(90);
        for (var i = 0; i < alarms.Length * perDay; i++)
        {
            // The leak begins at the dip of the fourth day and would need 6 hours.
            var leak = Math.Max(0, i - (3.25 * perDay)) * cadence * 0.0022;
            var calm = 50 - (33 * Math.Sin(2 * Math.PI * i / perDay)) + leak;
            if (calm >= 90)
            {
                break;
            }

            Take(forecaster, i * cadence, calm + random.NextGaussian());
            alarms[i / perDay] += forecaster.IsAlarming ? 1 : 0;
        }

        output.WriteLine($"samples in alarm by day, one every {cadence} s: {string.Join(", ", alarms)}");
        alarms[0].ShouldBeGreaterThan(0, "on the first day it cannot be told from a trend");
        alarms[1].ShouldBe(0);
        alarms[2].ShouldBe(0);
        (alarms[3] * cadence / 60).ShouldBeGreaterThan(20);
    }

    [Fact]
    public void A_leak_of_hours_is_found_in_noise_at_one_sample_a_second()
    {
        for (var seed = 1; seed <= 3; seed++)
        {
            var random = new SeededRandom(seed);
            var forecaster = new BreachForecaster(90);
            int onset = 3600, breach = onset + (4 * 3600), alarmed = -1, before = 0;
            for (var t = 0; t < breach; t++)
            {
                Take(forecaster, t, 40 + (50 * Math.Max(0.0, t - onset) / (breach - onset)) + (3 * random.NextGaussian()));
                before += t < onset && forecaster.IsAlarming ? 1 : 0;
                alarmed = alarmed < 0 && forecaster.IsAlarming ? t : alarmed;
            }

            output.WriteLine($"seed {seed}: {(breach - alarmed) / 60} min before");
            before.ShouldBe(0);
            ((breach - alarmed) / 60).ShouldBeInRange(45, 80);
        }
    }

    [Fact]
    public void One_that_climbs_again_and_again_and_stays_is_listened_to_less()
    {
        // Up for 45 s and flat for 355 s, then slowly back: no reset ends it, and persistence was the better forecast.
        var random = new SeededRandom(3);
        var forecaster = new BreachForecaster(1);
        var told = new int[20];
        for (var t = 0; t < told.Length * 900; t++)
        {
            var phase = t % 900;
            var value = phase < 45 ? 0.3 + (0.3 / 45 * phase) : phase < 400 ? 0.6 : 0.6 - (0.0006 * (phase - 400));
            told[t / 900] += Take(forecaster, t, value + (0.002 * random.NextGaussian())) is null ? 0 : 1;
        }

        output.WriteLine($"seconds with a forecast by climb: {string.Join(", ", told)}");
        told[..3].Sum().ShouldBeGreaterThan(2 * told[^3..].Sum());
    }

    [Fact]
    public void What_it_says_is_in_order() => Gen.Select(Gen.Int[1, 10_000], Gen.Double[0.0002, 0.01], Gen.Double[0.0001, 0.03]).Sample(
        (seed, slope, noise) =>
        {
            var random = new SeededRandom(seed);
            var forecaster = new BreachForecaster(1);
            for (var t = 0; t < 600; t++)
            {
                if (Take(forecaster, t, 0.2 + (slope * t) + (noise * random.NextGaussian())) is { } said)
                {
                    said.P5m.ShouldBeInRange(0, said.P15m);
                    said.P15m.ShouldBeLessThanOrEqualTo(said.P60m);
                    said.P60m.ShouldBeLessThanOrEqualTo(1);
                    said.LowSeconds.ShouldBeInRange(0, said.MedianSeconds);
                    said.HighSeconds.ShouldBeGreaterThanOrEqualTo(said.MedianSeconds);
                }
            }
        },
        iter: 50);

    [Fact]
    public void Its_memory_and_its_checkpoint_are_bounded_and_nothing_is_allocated_by_the_point()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var forecaster = new BreachForecaster(90);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThanOrEqualTo(8192);

        Run(forecaster, 0, MinutesADay);
        before = GC.GetAllocatedBytesForCurrentThread();
        Run(forecaster, MinutesADay, 2 * MinutesADay);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        var stream = new MemoryStream();
        forecaster.Write(new BinaryWriter(stream));
        stream.Length.ShouldBeLessThanOrEqualTo(8192);

        static void Run(BreachForecaster forecaster, int from, int to)
        {
            for (var minute = from; minute < to; minute++)
            {
                Take(forecaster, minute * 60, 40 + (0.02 * (minute % 997)) + (minute % 7));
            }
        }
    }

    [Fact]
    public void A_checkpoint_of_days_continues_with_the_same_forecasts()
    {
        var scenario = BreachScenario.Generate(BreachCourse.Leak, 3);
        var original = new BreachForecaster(BreachScenario.Limit);
        var told = 0;
        for (var i = 0; i < scenario.Values.Count; i++)
        {
            var restored = Copy(original);
            var said = Take(original, i * 60, scenario.Values[i]);
            Take(restored, i * 60, scenario.Values[i]).ShouldBe(said);
            restored.IsAlarming.ShouldBe(original.IsAlarming);
            told += said is null ? 0 : 1;
        }

        told.ShouldBeGreaterThan(60);
    }

    [Fact]
    public void A_checkpoint_from_before_the_six_hours_goes_on()
    {
        var stream = new MemoryStream();
        var writer = new BinaryWriter(stream);
        writer.Write((byte)1);
        writer.Write(1.0);
        writer.Write(true);
        writer.Write(0.5);
        writer.Write(0.0);
        new Debouncer(4, 5, TimeSpan.FromSeconds(30)).Write(writer);
        foreach (var span in (double[])[2, 12, 60])
        {
            const int Points = 20;
            writer.Write(Points);
            for (var i = 0; i < Points; i++)
            {
                writer.Write(1000 - (span * (Points - 1 - i)));
                writer.Write(0.5 - (0.0002 * span * (Points - 1 - i)));
            }

            writer.Write(Math.Floor(1001 / span));
            writer.Write(0.0);
            writer.Write(0.0);
            writer.Write(0);
            writer.Write(0.0001);
            writer.Write(double.NegativeInfinity);
            writer.Write(0.0);
            writer.Write(double.NegativeInfinity);
        }

        stream.Position = 0;
        var forecaster = BreachForecaster.Read(new BinaryReader(stream));
        stream.Position.ShouldBe(stream.Length);
        Take(forecaster, 1001, 0.5002).ShouldNotBeNull().MedianSeconds.ShouldBe(2500, 50);
        Copy(forecaster).Evaluate(1_002_000).ShouldNotBeNull();
    }

    [Fact]
    public void A_checkpoint_of_the_future_is_refused_by_name() =>
        Should.Throw<InvalidDataException>(() => BreachForecaster.Read(new BinaryReader(new MemoryStream([9])))).Message.ShouldContain("breach forecaster has version 9");

    static BreachForecast? Take(BreachForecaster forecaster, int seconds, double value)
    {
        forecaster.Add(seconds * 1000L, value);
        return forecaster.Evaluate(seconds * 1000L);
    }

    static BreachForecaster Copy(BreachForecaster forecaster)
    {
        var stream = new MemoryStream();
        forecaster.Write(new BinaryWriter(stream));
        stream.Position = 0;
        return BreachForecaster.Read(new BinaryReader(stream));
    }
}
