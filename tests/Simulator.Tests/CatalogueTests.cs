using CsCheck;

namespace Forewarn.Simulator.Tests;

/// <summary>Every fault against the same seed without it.</summary>
public sealed class CatalogueTests
{
    const long Start = 1_800_000_000_000;
    const int Seconds = 260;
    const int FaultFrom = 120;
    const int FaultSeconds = 100;

    static readonly FleetPlan _fleet = new() { First = "sim-1", Hosts = 6, HostsPerNode = 2, NodesPerRack = 2, Missing = 0 };

    public static TheoryData<string> Names => [.. FaultCatalogue.All.Select(fault => fault.Name)];

    static Injection Inject(Fault fault) => new(fault, "sim-1", Start + FaultFrom * 1000L, FaultSeconds * 1000L) { Entities = _fleet.Reached("sim-1", fault.Reach) };

    static List<HostReading[]> Run(int seed, params Injection[] injections)
    {
        var fleet = new SimulatedFleet(_fleet, seed);
        return [.. Enumerable.Range(0, Seconds).Select(second => fleet.Next(Start + second * 1000L, injections))];
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_named_series_of_the_reached_hosts_change_by_much_and_nothing_else_does(string name)
    {
        var fault = FaultCatalogue.Find(name)!;
        var injection = Inject(fault);
        var most = HostSchema.Names.ToDictionary(series => series, _ => 0.0, StringComparer.Ordinal);
        for (var seed = 1; seed <= 3; seed++)
        {
            var (normal, faulty) = (Run(seed), Run(seed, injection));
            for (var host = 0; host < _fleet.Hosts; host++)
            {
                faulty.Take(FaultFrom).Select(row => row[host]).ShouldBe(normal.Take(FaultFrom).Select(row => row[host]));
                if (!injection.Entities.Contains($"sim-{host + 1}"))
                    faulty.Select(row => row[host]).ShouldBe(normal.Select(row => row[host]));
                foreach (var (column, series) in HostSchema.Series.Index())
                    most[series.Name] = Math.Max(most[series.Name], Change(normal.ConvertAll(row => row[host].Values), faulty.ConvertAll(row => row[host].Values), column));
            }
        }
        // Silence and a wrong clock change no value, and what is stuck stays as usual as it was; they have tests of their own.
        if (fault.Effect(injection.Settings, 1) is { Silent: true } or { Stuck: true } or { SkewSeconds: not 0 })
            return;
        foreach (var (series, change) in most)
        {
            if (fault.Series.Contains(series))
                change.ShouldBeGreaterThan(2.5, $"{fault.Name} hardly shows in {series}");
            else
                change.ShouldBeLessThan(1, $"{fault.Name} shows in {series}, which it does not name");
        }
    }

    /// <summary>Largest difference during the fault, in robust standard deviations of the series without it.</summary>
    static double Change(List<double[]> normal, List<double[]> faulty, int column)
    {
        var usual = normal.ConvertAll(row => row[column]);
        var deviation = 1.4826 * Median(usual.Select(value => Math.Abs(value - Median(usual))));
        // What hardly ever moves, as the number of collections: by its mean deviation.
        if (deviation == 0)
            deviation = usual.Average(value => Math.Abs(value - usual.Average()));
        return Enumerable.Range(FaultFrom, FaultSeconds).Max(second => Math.Abs(faulty[second][column] - normal[second][column])) / Math.Max(deviation, 1e-9);
    }

    static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_host_is_as_before_when_a_fault_is_over(string name)
    {
        var (normal, faulty) = (Run(1), Run(1, Inject(FaultCatalogue.Find(name)!)));
        // Load averages and the heap remember; what is measured anew each second does not.
        foreach (var second in Enumerable.Range(FaultFrom + FaultSeconds + 1, Seconds - FaultFrom - FaultSeconds - 1))
        {
            var (was, other) = (normal[second][0], faulty[second][0]);
            (other with { Load1 = was.Load1, Load5 = was.Load5, Heap = was.Heap, Collections = was.Collections }).ShouldBe(was);
        }
    }

    [Fact]
    public void The_named_series_exist()
    {
        foreach (var name in FaultCatalogue.All.SelectMany(fault => fault.Series))
            HostSchema.Names.ShouldContain(name);
        FaultCatalogue.All.Select(fault => fault.Name).ShouldBeUnique();
    }

    [Fact]
    public void A_gradual_fault_fails_later_than_it_begins_and_an_abrupt_one_at_once()
    {
        foreach (var fault in FaultCatalogue.All)
        {
            var injection = Inject(fault);
            var failure = injection.FailureMs.ShouldNotBeNull();
            if (fault.Onset == Onset.Gradual)
                failure.ShouldBeInRange(injection.StartMs + 30_000, injection.EndMs - 1000, fault.Name);
            else
                failure.ShouldBe(injection.StartMs, fault.Name);
        }
    }

    [Fact]
    public void A_milder_leak_never_fails_and_a_slower_one_fails_later()
    {
        var leak = FaultCatalogue.Find("memory-leak")!;
        FaultSettings With(string name, string value) => FaultSettings.Defaults(leak).With(leak, name, value, out _);
        (Inject(leak) with { Settings = With("severity", "0.5") }).FailureMs.ShouldBeNull();
        (Inject(leak) with { Settings = With("growth", "0.5") }).FailureMs.ShouldBe(Start + (FaultFrom + 50) * 1000L);
    }

    [Fact]
    public void Strength_stays_between_0_and_1_whatever_is_set_within_its_range()
    {
        var cases = from index in Gen.Int[0, FaultCatalogue.All.Count - 1]
                    from shares in Gen.Double[0, 1].Array[5]
                    from duration in Gen.Int[1, 3600]
                    select (fault: FaultCatalogue.All[index], shares, duration);
        cases.Sample(each =>
        {
            var settings = FaultSettings.Defaults(each.fault);
            foreach (var (i, parameter) in each.fault.Parameters.Index())
            {
                var value = parameter.Least + (parameter.Most - parameter.Least) * each.shares[i];
                settings = settings.With(each.fault, parameter.Name, value.ToString(System.Globalization.CultureInfo.InvariantCulture), out var error);
                error.ShouldBeNull();
            }
            for (var second = 0; second < each.duration; second += 7)
                each.fault.Strength(settings, new FaultMoment(second, each.duration)).ShouldBeInRange(0, 1);
        }, iter: 300);
    }

    [Fact]
    public void Flapping_goes_on_and_off_with_its_period()
    {
        var rows = Run(1, Inject(FaultCatalogue.Find("flapping")!)).ConvertAll(row => row[0].Errors > 0.1);
        for (var second = FaultFrom; second < FaultFrom + FaultSeconds; second++)
            rows[second].ShouldBe((second - FaultFrom) % 20 < 10);
    }

    [Fact]
    public void A_stuck_exporter_repeats_itself_while_the_host_goes_on()
    {
        var rows = Run(1, Inject(FaultCatalogue.Find("flat-line")!)).ConvertAll(row => row[0]);
        var during = rows.GetRange(FaultFrom, FaultSeconds);
        during.Select(row => (row.Rate, row.P50, row.P99, row.Errors, row.Heap)).Distinct().ShouldHaveSingleItem().Rate.ShouldBe(rows[FaultFrom - 1].Rate);
        during.Select(row => row.Cpu).Distinct().Count().ShouldBeGreaterThan(90);
    }
}
