using CsCheck;

namespace Forewarn.Analytics.Tests.Lanes;

public sealed class MetricLaneTests
{
    const int Learnt = 1500;

    static readonly Gen<double> Value = Gen.OneOf(Gen.Double[-100, 100], Gen.Double[0, 1e9], Gen.Int[0, 3].Select(i => (double)i), Gen.Const(double.NaN));

    [Fact]
    public void A_checkpoint_continues_as_if_nothing_had_happened() => Gen.Select(Value.Array[1, 900], Gen.Int[0, 899]).Sample(
        (values, cut) =>
        {
            var (original, restored) = (new MetricLane(100), new MetricLane(100));
            for (var i = 0; i < values.Length; i++)
            {
                if (i == cut)
                {
                    restored = Copy(original);
                }

                var expected = original.Take(i * 60_000L, values[i]);
                var actual = restored.Take(i * 60_000L, values[i]);
                actual.ShouldBe(expected);
            }

            Bytes(restored).ShouldBe(Bytes(original));
        },
        iter: 60);

    [Fact]
    public void A_checkpoint_of_something_else_is_refused()
    {
        var bytes = Bytes(new MetricLane(100));
        bytes[0]++;
        Should.Throw<InvalidDataException>(() => MetricLane.Read(new BinaryReader(new MemoryStream(bytes)))).Message.ShouldContain("metric lane");
    }

    [Fact]
    public void A_point_allocates_nothing()
    {
        var (lane, random, t) = (new MetricLane(), new SeededRandom(1), 0L);
        void Run(int points)
        {
            for (var i = 0; i < points; i++)
            {
                lane.Take(t += 60_000, random.NextGaussian() + (i == points / 2 ? 50 : 0));
            }

            lane.Miss();
        }

        Run(3000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(3000);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void No_value_breaks_a_lane()
    {
        var (lane, random, t) = Ordinary(seed: 3, 60_000);
        double[] wild = [double.MaxValue, double.MinValue, double.Epsilon, double.NaN, double.PositiveInfinity, -0.0, 1e30, 0];
        for (var i = 0; i < 1000; i++)
        {
            var judgement = lane.Take(t += 60_000, i < 400 ? wild[random.NextInt(wild.Length)] : 100 + random.NextGaussian());
            new[] { judgement.Score, judgement.Strangeness, judgement.P }.ShouldAllBe(number => double.IsFinite(number), $"point {i}: {judgement}");
        }

    }

    [Fact]
    public void One_absurd_value_does_not_blind_a_lane()
    {
        var (lane, random, t) = Ordinary(seed: 8, 60_000);
        lane.Take(t += 60_000, double.MaxValue).Open.ShouldBeTrue();
        for (var i = 0; i < 3000; i++)
        {
            lane.Take(t += 60_000, 100 + random.NextGaussian());
        }

        Enumerable.Range(0, 3).Select(_ => lane.Take(t += 60_000, 112 + random.NextGaussian()).Open).ShouldContain(true);
    }

    [Theory]
    [InlineData(60_000, 10)]
    [InlineData(1000, 600)]
    public void All_of_a_step_of_twelve_deviations_held_ten_minutes_lies_in_one_open_alarm(long intervalMs, int points)
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var (lane, random, t) = Ordinary(seed, intervalMs);
            for (var i = 0; i < points; i++)
            {
                var judgement = lane.Take(t += intervalMs, 112 + random.NextGaussian());
                judgement.Open.ShouldBeTrue($"seed {seed}, point {i} of the step: {judgement}");
                (judgement.Events & (i < 2 ? LaneEvents.Spike : LaneEvents.Level)).ShouldNotBe(LaneEvents.None, $"seed {seed}, point {i}: {judgement}");
            }

            var after = Enumerable.Range(0, 30).Select(_ => lane.Take(t += intervalMs, 100 + random.NextGaussian()).Open).ToArray();
            after[^1].ShouldBeFalse($"seed {seed}: the alarm closes once the step is over");
        }
    }

    [Fact]
    public void A_new_level_is_normal_after_a_while()
    {
        var (lane, random, t) = Ordinary(seed: 7, 60_000);
        var judgements = Enumerable.Range(0, 300).Select(_ => lane.Take(t += 60_000, 112 + random.NextGaussian())).ToArray();
        judgements[30].Events.ShouldBe(LaneEvents.Level);
        judgements[100..].ShouldAllBe(judgement => (judgement.Events & LaneEvents.Level) == LaneEvents.None);
        judgements[^1].Open.ShouldBeFalse();
    }

    [Fact]
    public void A_missing_point_changes_nothing()
    {
        var (lane, random, t) = Ordinary(seed: 2, 60_000);
        var open = lane.Take(t + 60_000, 150).Open;
        var bytes = Bytes(lane);
        (lane.Miss().Open, lane.Take(t + 120_000, double.NaN).Open, open).ShouldBe((true, true, true));
        Bytes(lane).ShouldBe(bytes);
    }

    [Fact]
    public void A_slow_drift_is_a_trend_and_ordinary_noise_is_none()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var (lane, random, t) = Ordinary(seed, 60_000);
            var (quiet, drifting) = (LaneEvents.None, LaneEvents.None);
            for (var i = 0; i < 3000; i++)
            {
                quiet |= lane.Take(t += 60_000, 100 + random.NextGaussian()).Events;
            }

            for (var i = 0; i < 2500; i++)
            {
                drifting |= lane.Take(t += 60_000, 100 + (0.002 * i) + random.NextGaussian()).Events;
            }

            (quiet & LaneEvents.Trend).ShouldBe(LaneEvents.None, $"seed {seed}");
            (drifting & (LaneEvents.Trend | LaneEvents.Level)).ShouldBe(LaneEvents.Trend, $"seed {seed}");
        }
    }

    [Fact]
    public void Restlessness_is_a_change_of_variance()
    {
        var (lane, random, t) = Ordinary(seed: 5, 60_000);
        var events = LaneEvents.None;
        for (var i = 0; i < 40; i++)
        {
            events |= lane.Take(t += 60_000, 100 + (5 * random.NextGaussian())).Events;
        }

        (events & LaneEvents.Variance).ShouldBe(LaneEvents.Variance);
    }

    [Fact]
    public void Ordinary_noise_opens_alarms_within_the_budget()
    {
        var (openings, points) = (0, 0);
        for (var seed = 100; seed < 120; seed++)
        {
            var (lane, random, t) = Ordinary(seed, 60_000);
            var open = false;
            for (var i = 0; i < 3000; i++, points++)
            {
                var judgement = lane.Take(t += 60_000, 100 + random.NextGaussian());
                openings += judgement.Open && !open ? 1 : 0;
                open = judgement.Open;
            }
        }

        // One point in a thousand is as strange as that; most stand alone.
        (1000.0 * openings / points).ShouldBeInRange(0.05, 1.5);
    }

    static (MetricLane Lane, SeededRandom Random, long LastMs) Ordinary(int seed, long intervalMs)
    {
        var (lane, random, t) = (new MetricLane(), new SeededRandom(seed), 0L);
        for (var i = 0; i < Learnt; i++)
        {
            lane.Take(t += intervalMs, 100 + random.NextGaussian());
        }

        return (lane, random, t);
    }

    static MetricLane Copy(MetricLane lane) => Restored(Bytes(lane));

    static MetricLane Restored(byte[] bytes) => MetricLane.Read(new BinaryReader(new MemoryStream(bytes)));

    static byte[] Bytes(MetricLane lane)
    {
        using var stream = new MemoryStream();
        lane.Write(new BinaryWriter(stream));
        return stream.ToArray();
    }
}
