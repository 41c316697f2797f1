namespace Forewarn.Analytics.Tests.Simulation;

public sealed class FaultTests(ITestOutputHelper output)
{
    // Defaults were chosen on seeds 101 to 112; judged on others.
    const int FirstSeed = 301;
    const int Hosts = 8;

    [Theory]
    [InlineData(Fault.CpuSaturation, 75)]
    [InlineData(Fault.CpuSaturation, 400)]
    [InlineData(Fault.CpuSaturation, 2000)]
    [InlineData(Fault.LatencySpike, 75)]
    [InlineData(Fault.LatencySpike, 400)]
    [InlineData(Fault.LatencySpike, 2000)]
    public void A_sudden_fault_opens_within_ten_seconds(Fault fault, int start)
    {
        var delays = Enumerable.Range(FirstSeed, Hosts).Select(seed => Run(seed, fault, start, 60).Opened).ToArray();
        output.WriteLine($"{fault} after {start} s: opened after {string.Join(", ", delays)} s (-1: not within 60 s)");
        delays.Count(delay => delay is >= 0 and <= 10).ShouldBeGreaterThanOrEqualTo(fault == Fault.CpuSaturation ? Hosts : Hosts - 1);
    }

    [Theory]
    [InlineData(Fault.MemoryLeak, 75)]
    [InlineData(Fault.MemoryLeak, 400)]
    [InlineData(Fault.DiskFill, 75)]
    [InlineData(Fault.DiskFill, 400)]
    public void A_creeping_fault_is_noticed_within_a_minute(Fault fault, int start)
    {
        var runs = Enumerable.Range(FirstSeed, Hosts).Select(seed => Run(seed, fault, start, 60)).ToArray();
        output.WriteLine($"{fault} after {start} s: forecast after {string.Join(", ", runs.Select(r => r.Forecast))} s, level after {string.Join(", ", runs.Select(r => r.Opened))} s");
        runs.ShouldAllBe(run => run.Forecast >= 0 || run.Opened >= 0);
    }

    [Fact]
    public void A_minute_of_load_stays_open_and_closes_after_it_ended()
    {
        var host = new HostSimulator(7);
        var pipeline = new Pipeline(host.Series);
        var values = new double[host.Series.Count];
        var openSeconds = 0;
        var changes = new List<(DebounceChange Change, int Tick)>();
        for (var tick = 0; tick < 700; tick++)
        {
            var loaded = tick is >= 400 and < 460;
            host.Next(tick, loaded ? Fault.CpuSaturation : Fault.None, tick - 400, values);
            var change = pipeline.Update(tick, values);
            openSeconds += loaded && pipeline.IsOpen ? 1 : 0;
            if (change != DebounceChange.None)
            {
                changes.Add((change, tick));
            }
        }

        output.WriteLine(string.Join(", ", changes));
        openSeconds.ShouldBeGreaterThan(45);
        changes.Count.ShouldBe(2);
        changes[1].Tick.ShouldBeInRange(460, 520);
    }

    static (int Opened, int Forecast) Run(int seed, Fault fault, int start, int seconds)
    {
        var host = new HostSimulator(seed);
        var pipeline = new Pipeline(host.Series);
        var values = new double[host.Series.Count];
        int opened = -1, forecast = -1;
        for (var tick = 0; tick <= start + seconds; tick++)
        {
            var faulty = tick >= start;
            host.Next(tick, faulty ? fault : Fault.None, tick - start, values);
            pipeline.Update(tick, values);
            opened = faulty && opened < 0 && pipeline.IsOpen ? tick - start : opened;
            forecast = faulty && forecast < 0 && pipeline.Alarming > 0 ? tick - start : forecast;
        }

        return (opened, forecast);
    }
}
