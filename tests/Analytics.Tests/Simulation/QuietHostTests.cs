namespace Forewarn.Analytics.Tests.Simulation;

public sealed class QuietHostTests(ITestOutputHelper output)
{
    // Defaults were chosen on seeds 1 to 40; judged on others.
    const int FirstSeed = 201;
    const int Hosts = 20;
    const int Seconds = MaturityLevels.WarmSamples + 3600;

    [Fact]
    public void An_hour_of_twenty_quiet_hosts_opens_next_to_nothing()
    {
        int openings = 0, forecasts = 0;
        for (var seed = FirstSeed; seed < FirstSeed + Hosts; seed++)
        {
            var (opened, alarmed) = Watch(seed);
            openings += opened;
            forecasts += alarmed;
        }

        output.WriteLine($"{Hosts} host hours, p <= {DecisionDefaults.PValue}: {openings} false openings ({openings / (double)Hosts:F2} per hour), {forecasts} false forecasts");
        openings.ShouldBeLessThanOrEqualTo(4);
        forecasts.ShouldBeLessThanOrEqualTo(1);
    }

    static (int Openings, int Forecasts) Watch(int seed)
    {
        var host = new HostSimulator(seed);
        var pipeline = new Pipeline(host.Series);
        var values = new double[host.Series.Count];
        int openings = 0, forecasts = 0, alarming = 0;
        for (var tick = 0; tick < Seconds; tick++)
        {
            host.Next(tick, Fault.None, 0, values);
            openings += pipeline.Update(tick, values) == DebounceChange.Opened ? 1 : 0;
            forecasts += Math.Max(0, pipeline.Alarming - alarming);
            alarming = pipeline.Alarming;
        }

        return (openings, forecasts);
    }
}
