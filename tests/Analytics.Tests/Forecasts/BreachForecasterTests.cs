using CsCheck;

namespace Forewarn.Analytics.Tests.Forecasts;

public sealed class BreachForecasterTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(0.003, 0.002)]
    [InlineData(0.002, 0.00001)]
    [InlineData(0.0005, 0.002)]
    public void A_steady_leak_is_forecast_with_the_time_it_really_takes(double slope, double noise)
    {
        for (var seed = 1; seed <= 10; seed++)
        {
            var random = new SeededRandom(seed);
            var forecaster = new BreachForecaster(1);
            BreachForecast? forecast = null;
            var seconds = 0;
            for (; seconds < 300 && forecast is null; seconds++)
            {
                forecaster.Add(seconds * 1000L, 0.3 + (slope * seconds) + (noise * random.NextGaussian()));
                forecast = forecaster.Evaluate(seconds * 1000L);
            }

            var truth = (0.7 / slope) - seconds;
            var found = forecast.ShouldNotBeNull();
            output.WriteLine($"{slope} per s, seed {seed}: after {seconds} s, {found.MedianSeconds:F0} s [{found.LowSeconds:F0}, {found.HighSeconds:F0}], truth {truth:F0} s");
            found.MedianSeconds.ShouldBe(truth, 0.35 * truth);
            found.LowSeconds.ShouldBeLessThan(found.MedianSeconds);
            found.HighSeconds.ShouldBeGreaterThan(found.MedianSeconds);
            found.P60m.ShouldBeGreaterThanOrEqualTo(found.P15m);
            found.P15m.ShouldBeGreaterThanOrEqualTo(found.P5m);
            found.P60m.ShouldBeGreaterThan(0.9);
        }
    }

    [Fact]
    public void A_leak_after_a_long_flat_stretch_alarms_within_a_minute()
    {
        for (var seed = 1; seed <= 10; seed++)
        {
            var random = new SeededRandom(seed);
            AlarmAt(t => (t < 1000 ? 0.4 : 0.4 + (0.003 * (t - 1000))) + (0.001 * random.NextGaussian()), 1060).ShouldBeInRange(1000, 1060);
        }
    }

    [Fact]
    public void Noise_saw_teeth_steps_and_slow_walks_do_not_alarm()
    {
        for (var seed = 1; seed <= 10; seed++)
        {
            var random = new SeededRandom(seed);
            var walk = 0.4;
            AlarmAt(_ => 0.5 + (0.05 * random.NextGaussian()), 3600).ShouldBe(-1, "noise");
            AlarmAt(t => 0.3 + (0.3 * (t % 47) / 47) + (0.003 * random.NextGaussian()), 3600).ShouldBe(-1, "saw-tooth of 47 s");
            AlarmAt(t => 0.1 + (0.1 * (t % 20) / 20) + (0.003 * random.NextGaussian()), 3600).ShouldBe(-1, "saw-tooth of 20 s");
            AlarmAt(t => (t < 1800 ? 0.2 : 0.6) + (0.01 * random.NextGaussian()), 3600).ShouldBe(-1, "step");
            AlarmAt(_ => walk = 0.4 + (0.999 * (walk - 0.4)) + (0.0003 * random.NextGaussian()), 3600).ShouldBe(-1, "walk");
        }
    }

    [Fact]
    public void A_slow_fill_over_hours_alarms_before_the_end()
    {
        var random = new SeededRandom(31);
        var at = AlarmAt(t => 0.5 + (0.5 * t / 14_400) + (0.0002 * random.NextGaussian()), 14_400);
        output.WriteLine($"a disk that fills in 4 h: alarm {(14_400 - at) / 60} min before");
        at.ShouldBeInRange(14_400 - 4500, 14_400 - 1500);
    }

    [Fact]
    public void A_limit_below_is_approached_from_above()
    {
        var forecaster = new BreachForecaster(0, upward: false);
        BreachForecast? forecast = null;
        for (var t = 0; t < 90; t++)
        {
            forecaster.Add(t * 1000L, 200 - t);
            forecast = forecaster.Evaluate(t * 1000L);
        }

        var found = forecast.ShouldNotBeNull();
        found.MedianSeconds.ShouldBe(111, 5);
        found.SlopePerSecond.ShouldBe(-1, 0.05);
    }

    [Fact]
    public void A_limit_already_reached_is_certain()
    {
        var forecaster = new BreachForecaster(1);
        forecaster.Add(0, 1.2);
        forecaster.Evaluate(0).ShouldBe(new BreachForecast(1, 1, 1, 0, 0, 0, 0));
    }

    [Fact]
    public void A_checkpoint_continues_with_the_same_forecasts() => Gen.Select(Gen.Int[1, 1000], Gen.Int[0, 299]).Sample(
        (seed, cut) =>
        {
            var random = new SeededRandom(seed);
            BreachForecaster original = new(1), restored = new(1);
            for (var t = 0; t < 300; t++)
            {
                if (t == cut)
                {
                    restored = Copy(original);
                }

                var value = 0.2 + (0.002 * (t % 170)) + (0.002 * random.NextGaussian());
                original.Add(t * 1000L, value);
                restored.Add(t * 1000L, value);
                restored.Evaluate(t * 1000L).ShouldBe(original.Evaluate(t * 1000L));
                restored.IsAlarming.ShouldBe(original.IsAlarming);
            }
        },
        iter: 20);

    static int AlarmAt(Func<int, double> value, int seconds)
    {
        var forecaster = new BreachForecaster(1);
        for (var t = 0; t < seconds; t++)
        {
            forecaster.Add(t * 1000L, value(t));
            forecaster.Evaluate(t * 1000L);
            if (forecaster.IsAlarming)
            {
                return t;
            }
        }

        return -1;
    }

    static BreachForecaster Copy(BreachForecaster forecaster)
    {
        var stream = new MemoryStream();
        forecaster.Write(new BinaryWriter(stream));
        stream.Position = 0;
        return BreachForecaster.Read(new BinaryReader(stream));
    }
}
