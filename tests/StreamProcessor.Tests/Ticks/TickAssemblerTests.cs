using CsCheck;
using Forewarn.Contracts;

namespace Forewarn.StreamProcessor.Tests;

public sealed class TickAssemblerTests
{
    static readonly SeriesSchema Cpu = SeriesSchema.Of([SeriesColumn.Of("system.cpu.utilization", "1")]);
    static readonly SeriesSchema Probe = SeriesSchema.Of([SeriesColumn.Of("http.client.request.duration", "s")]);

    [Fact]
    public void A_single_lane_never_waits()
    {
        var assembler = With(out var lane, Cpu);
        for (var t = 1000L; t <= 5000; t += 1000)
        {
            assembler.Add(lane, Row(t + 30), t, now: t).ShouldBeTrue();
            assembler.TryClose(now: t)!.T.ShouldBe(t);
        }
        assembler.TryClose(9999).ShouldBeNull();
    }

    [Fact]
    public void A_tick_waits_for_the_lane_that_is_due_and_closes_when_it_comes()
    {
        var (assembler, cpu, probe) = TwoLanes();
        assembler.Add(cpu, Row(3000), 0, now: 3000);
        assembler.TryClose(3050).ShouldBeNull();
        assembler.Add(probe, Row(3400), 0, now: 3060);
        assembler.TryClose(3060)!.T.ShouldBe(3000);
    }

    [Fact]
    public void The_merge_time_ends_the_wait()
    {
        var (assembler, cpu, probe) = TwoLanes();
        assembler.Add(cpu, Row(3000), 0, now: 3000);
        assembler.TryClose(3099).ShouldBeNull();
        assembler.DueAt.ShouldBe(3100);
        assembler.TryClose(3100)!.T.ShouldBe(3000);
        assembler.Add(probe, Row(3400), 0, now: 3101).ShouldBeFalse("its tick was closed");
    }

    [Fact]
    public void Parts_that_take_longer_than_the_merge_time_are_waited_for_after_the_first_that_is_late()
    {
        var (assembler, cpu, probe) = TwoLanes();
        var late = 0;
        for (var t = 3000L; t < 60_000; t += 1000)
        {
            assembler.Add(cpu, Row(t), 0, now: t);
            for (var now = t; now < t + 180; now += 10)
                assembler.TryClose(now);
            late += assembler.Add(probe, Row(t), 0, now: t + 180) ? 0 : 1;
            while (assembler.TryClose(t + 180) is { } tick)
                tick.T.ShouldBe(t);
        }
        late.ShouldBe(1);
        assembler.OpenCount.ShouldBe(0);
    }

    [Fact]
    public void Nothing_is_waited_for_beyond_a_quarter_of_the_interval()
    {
        var (assembler, cpu, probe) = TwoLanes();
        for (var t = 3000L; t < 20_000; t += 1000)
        {
            assembler.Add(cpu, Row(t), 0, now: t);
            assembler.TryClose(t + 100)!.T.ShouldBe(t);
            assembler.Add(probe, Row(t), 0, now: t + 260).ShouldBeFalse();
        }
    }

    [Fact]
    public void What_took_long_once_is_forgotten_in_time()
    {
        var (assembler, cpu, probe) = TwoLanes();
        for (var t = 3000L; t < 600_000; t += 1000)
        {
            assembler.Add(cpu, Row(t), 0, now: t);
            if (t == 3000)
                assembler.TryClose(t + 100);
            assembler.Add(probe, Row(t), 0, now: t == 3000 ? t + 190 : t + 10);
            assembler.TryClose(t + 190);
        }
        assembler.Add(cpu, Row(600_000), 0, now: 600_000);
        (assembler.DueAt - 600_000).ShouldBeInRange(100, 200);
    }

    [Fact]
    public void A_lane_that_moved_on_is_not_waited_for()
    {
        var (assembler, cpu, probe) = TwoLanes();
        assembler.Add(cpu, Row(3000), 0, now: 3000);
        assembler.TryClose(3000).ShouldBeNull();
        assembler.Add(probe, Row(4000), 0, now: 3001);
        assembler.TryClose(3001)!.T.ShouldBe(3000);
    }

    [Fact]
    public void A_lane_that_stopped_is_waited_for_three_times_and_no_more()
    {
        var (assembler, cpu, _) = TwoLanes();
        for (var t = 3000L; t <= 5000; t += 1000)
        {
            assembler.Add(cpu, Row(t), 0, now: t);
            assembler.TryClose(t).ShouldBeNull();
            assembler.TryClose(t + 100)!.T.ShouldBe(t);
        }
        assembler.Add(cpu, Row(6000), 0, now: 6000);
        assembler.TryClose(6000)!.T.ShouldBe(6000);
    }

    [Fact]
    public void A_slow_lane_is_waited_for_only_when_it_is_due()
    {
        var assembler = new TickAssembler(100);
        Lane cpu = new(Cpu), probe = new(Probe);
        assembler.Lanes.AddRange([cpu, probe]);
        var waited = new List<long>();
        for (var t = 10_000L; t <= 60_000; t += 1000)
        {
            assembler.Add(cpu, Row(t), 0, now: t);
            if (assembler.TryClose(t) is null && assembler.OpenCount > 0)
                waited.Add(t);
            if (t % 10_000 == 0)
                assembler.Add(probe, Row(t), 0, now: t);
            while (assembler.TryClose(t + 100) is not null)
            {
            }
        }
        waited.ShouldAllBe(t => t % 10_000 == 0 || t % 10_000 == 9000);
        waited.ShouldContain(50_000);
    }

    [Fact]
    public void Any_interleaving_of_two_producers_gives_every_tick_once_in_order_and_no_late_sample_gets_in()
    {
        var message = Gen.Select(Gen.Bool, Gen.Long[0, 30_000], Gen.Long[0, 150], (isProbe, t, pause) => (isProbe, t, pause));
        message.List[1, 120].Sample(messages =>
        {
            var assembler = new TickAssembler(100);
            Lane cpu = new(Cpu) { Map = [0] }, probe = new(Probe) { Map = [1] };
            assembler.Lanes.AddRange([cpu, probe]);
            var now = 0L;
            var expected = new Dictionary<long, (double Cpu, double Probe)>();
            var emitted = new List<long>();
            foreach (var (isProbe, t, pause) in messages)
            {
                now += pause;
                var tick = TickAssembler.TickOf(t);
                var taken = assembler.Add(isProbe ? probe : cpu, Row(t), 0, now);
                taken.ShouldBe(emitted.Count == 0 || tick > emitted[^1]);
                if (taken)
                {
                    var (c, p) = expected.GetValueOrDefault(tick, (double.NaN, double.NaN));
                    expected[tick] = isProbe ? (c, Newest(p, t)) : (Newest(c, t), p);
                }
                Drain(assembler, now, force: false, expected, emitted);
            }
            Drain(assembler, now, force: true, expected, emitted);
            emitted.ShouldBe(expected.Keys.Order());
        });
    }

    static double Newest(double known, long t) => double.IsNaN(known) || t >= known ? t : known;

    static void Drain(TickAssembler assembler, long now, bool force, Dictionary<long, (double Cpu, double Probe)> expected, List<long> emitted)
    {
        Span<double> values = stackalloc double[2];
        while (assembler.TryClose(now, force) is { } tick)
        {
            tick.Merge(values);
            values[0].ShouldBe(expected[tick.T].Cpu);
            values[1].ShouldBe(expected[tick.T].Probe);
            if (emitted.Count > 0)
                tick.T.ShouldBeGreaterThan(emitted[^1]);
            emitted.Add(tick.T);
            assembler.Release(tick);
        }
        if (assembler.OpenCount > 0)
            assembler.DueAt.ShouldBeGreaterThan(now);
    }

    static (TickAssembler, Lane Cpu, Lane Probe) TwoLanes()
    {
        var assembler = new TickAssembler(100);
        Lane cpu = new(Cpu), probe = new(Probe);
        assembler.Lanes.AddRange([cpu, probe]);
        for (var t = 1000L; t <= 2000; t += 1000)
        {
            assembler.Add(cpu, Row(t), 0, t);
            assembler.Add(probe, Row(t), 0, t);
            assembler.TryClose(t)!.T.ShouldBe(t);
        }
        return (assembler, cpu, probe);
    }

    static TickAssembler With(out Lane lane, SeriesSchema schema)
    {
        var assembler = new TickAssembler(100);
        lane = new Lane(schema);
        assembler.Lanes.Add(lane);
        return assembler;
    }

    // The value is the time, so that a test sees which sample got in.
    static MetricRow Row(long t) => new(t, [t]);
}
