using CsCheck;

namespace Forewarn.Simulator.Tests;

public sealed class FleetTests
{
    const long Start = 1_800_000_000_000;

    static List<HostReading[]> Run(int seconds, int count = 1, int seed = 1, Injection? injection = null)
    {
        var fleet = new SimulatedFleet(new FleetPlan { First = "sim-1", Hosts = count, Missing = 0 }, seed);
        return [.. Enumerable.Range(0, seconds).Select(second => fleet.Next(Start + second * 1000L, injection is null ? [] : [injection]))];
    }

    static Injection Of(string fault, int startSecond, int seconds, string entity = "sim-1") =>
        new(FaultCatalogue.Find(fault)!, entity, Start + startSecond * 1000L, seconds * 1000L);

    static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    [Fact]
    public void The_same_seed_gives_the_same_values_and_another_seed_gives_others()
    {
        Run(300, count: 3).SelectMany(row => row).ShouldBe(Run(300, count: 3).SelectMany(row => row));
        Run(300, seed: 2)[0][0].ShouldNotBe(Run(300)[0][0]);
    }

    [Fact]
    public void Another_host_in_the_fleet_changes_no_value_of_the_first()
    {
        Run(300, count: 5).Select(row => row[0]).ShouldBe(Run(300, count: 1).Select(row => row[0]));
    }

    [Fact]
    public void Neighbours_move_together()
    {
        var rows = Run(3600, count: 2);
        Correlation([.. rows.Select(row => row[0].Rate)], [.. rows.Select(row => row[1].Rate)]).ShouldBeGreaterThan(0.2);
    }

    [Fact]
    public void Every_reading_has_a_finite_value_per_series_and_shares_stay_shares()
    {
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[0, FaultCatalogue.All.Count - 1]).Sample((seed, fault) =>
        {
            var injection = Of(FaultCatalogue.All[fault].Name, 20, 30);
            foreach (var row in Run(60, seed: seed, injection: injection))
            {
                var values = row[0].Values;
                values.Length.ShouldBe(HostSchema.Series.Count);
                values.ShouldAllBe(value => double.IsFinite(value) && value >= 0, FaultCatalogue.All[fault].Name);
                for (var i = 0; i < values.Length; i++)
                {
                    if (HostSchema.Series[i].Unit == "1")
                        values[i].ShouldBeLessThanOrEqualTo(1, HostSchema.Series[i].Name);
                }
                (row[0].Values[1] + row[0].Values[2]).ShouldBe(row[0].Cpu, 1e-9);
            }
        }, iter: 100);
    }

    [Fact]
    public void Normal_behaviour_looks_the_same_after_ten_minutes()
    {
        for (var seed = 1; seed <= 10; seed++)
        {
            var rows = Run(1200, seed: seed);
            var before = rows.Take(600).Average(row => row[0].Cpu);
            rows.Skip(600).Average(row => row[0].Cpu).ShouldBe(before, before * 0.1);
            rows.Max(row => row[0].Cpu).ShouldBeLessThan(0.8);
        }
    }

    [Fact]
    public void A_memory_leak_grows_steadily_to_the_limit_and_falls_back_at_its_end()
    {
        var injection = Of("memory-leak", 60, 100);
        var memory = Run(240, injection: injection).Select(row => row[0].Memory).ToList();
        var normal = Median(memory.Take(60));
        for (var second = 70; second < 150; second += 10)
            memory[second].ShouldBeGreaterThan(memory[second - 10]);
        memory[60 + 95].ShouldBeGreaterThan(0.98);
        memory[161].ShouldBe(normal, 0.05);
        injection.FailureMs.ShouldBe(Start + 155_000);
    }

    [Fact]
    public void A_filling_disk_grows_steadily_with_the_writes_to_match_and_is_freed_at_its_end()
    {
        var rows = Run(240, injection: Of("disk-fill", 60, 100)).ConvertAll(row => row[0]);
        rows[60 + 95].Disk.ShouldBeGreaterThan(0.98);
        rows[161].Disk.ShouldBe(Median(rows.Take(60).Select(row => row.Disk)), 0.05);
        var written = rows.Skip(60).Take(96).Sum(row => row.DiskWrite);
        written.ShouldBeGreaterThan((rows[155].Disk - rows[59].Disk) * rows[0].DiskBytes * 0.9);
    }

    [Fact]
    public void Saturated_processors_take_load_and_latency_with_them()
    {
        var rows = Run(180, injection: Of("cpu-saturation", 60, 60)).ConvertAll(row => row[0]);
        rows.Skip(60).Take(60).Average(row => row.Cpu).ShouldBe(0.98, 0.005);
        rows[119].Load1.ShouldBeGreaterThan(2 * rows[59].Load1);
        Median(rows.Skip(60).Take(60).Select(row => row.P99)).ShouldBeGreaterThan(4 * Median(rows.Take(60).Select(row => row.P99)));
        Median(rows.Skip(120).Select(row => row.Cpu)).ShouldBeLessThan(0.7);
    }

    [Fact]
    public void A_latency_spike_is_five_to_ten_times_normal_and_leaves_the_processors_alone()
    {
        var normal = Run(120).ConvertAll(row => row[0]);
        var spike = Run(120, injection: Of("latency-spike", 60, 30)).ConvertAll(row => row[0]);
        for (var second = 0; second < 120; second++)
        {
            spike[second].Cpu.ShouldBe(normal[second].Cpu);
            (spike[second].P50 / normal[second].P50).ShouldBeInRange(second is >= 60 and < 90 ? 4.999 : 1, second is >= 60 and < 90 ? 10.001 : 1);
        }
    }

    [Fact]
    public void Neighbours_on_a_node_share_more_than_hosts_of_other_racks()
    {
        var (near, far) = (0.0, 0.0);
        for (var seed = 1; seed <= 5; seed++)
        {
            var fleet = new SimulatedFleet(new FleetPlan { First = "sim-1", Hosts = 5, HostsPerNode = 2, NodesPerRack = 1 }, seed);
            var rows = Enumerable.Range(0, 3600).Select(second => fleet.Next(Start + second * 1000L)).ToList();
            double[] Steal(int host) => [.. rows.Select(row => Math.Log(row[host].Steal))];
            near += Correlation(Steal(0), Steal(1)) / 5;
            far += Correlation(Steal(0), Steal(4)) / 5;
        }
        near.ShouldBeGreaterThan(0.2);
        far.ShouldBe(0, 0.15);
    }

    [Fact]
    public void A_few_seconds_are_missing_as_planned_and_what_is_measured_stays_the_same()
    {
        var (whole, gappy) = (new SimulatedFleet(new FleetPlan { First = "sim-1", Hosts = 1, Missing = 0 }, 1), new SimulatedFleet(new FleetPlan { First = "sim-1", Hosts = 1, Missing = 0.02 }, 1));
        var (application, silent) = (0, 0);
        for (var second = 0; second < 20_000; second++)
        {
            var (all, some) = (whole.Next(Start + second * 1000L)[0], gappy.Next(Start + second * 1000L)[0]);
            application += some.ApplicationMissing ? 1 : 0;
            silent += some.Silent ? 1 : 0;
            (some with { ApplicationMissing = false, Silent = false }).ShouldBe(all);
            some.Values.Count(double.IsNaN).ShouldBe(some.ApplicationMissing ? HostSchema.Series.Count - HostSchema.FirstOfApplication : 0);
        }
        application.ShouldBeInRange(300, 500);
        silent.ShouldBeInRange(60, 140);
    }

    [Fact]
    public void Batch_jobs_come_by_the_clock_with_processors_and_disk_together()
    {
        var fleet = new SimulatedFleet(new FleetPlan { First = "sim-1", Hosts = 40, Missing = 0 }, 1);
        var rows = Enumerable.Range(0, 1800).Select(second => fleet.Next(Start + second * 1000L)).ToList();
        var bursts = Enumerable.Range(0, 40).Count(host =>
        {
            var written = rows.ConvertAll(row => row[host].DiskWrite);
            return written.Max() > 3 * Median(written);
        });
        bursts.ShouldBeInRange(5, 30);
    }

    [Fact]
    public void A_release_is_a_short_dip_once_a_week()
    {
        var deploys = new Deploys(new Random(3));
        var seconds = Enumerable.Range(0, 2 * 7 * 86_400).Where(second => deploys.At(Start + second * 1000L)).Select(second => DateTimeOffset.FromUnixTimeMilliseconds(Start + second * 1000L)).ToList();
        seconds.Count.ShouldBe(24);
        (seconds[12] - seconds[0]).ShouldBe(TimeSpan.FromDays(7));
        seconds.ShouldAllBe(at => at.DayOfWeek != DayOfWeek.Saturday && at.DayOfWeek != DayOfWeek.Sunday && at.Hour >= 9 && at.Hour <= 17);
    }

    [Fact]
    public void A_prefix_changes_names_and_no_value()
    {
        var plan = new FleetPlan { First = "sim-1", Hosts = 2 };
        var (plain, named) = (new SimulatedFleet(plan, 1), new SimulatedFleet(plan with { Prefix = "x-" }, 1));
        named.Hosts.Select(host => host.Entity).ShouldBe(["x-sim-1", "x-sim-2"]);
        named.Next(Start).ShouldBe(plain.Next(Start));
    }

    [Theory]
    [InlineData("sim-1", "sim-1,sim-2,sim-3")]
    [InlineData("db", "db,db-2,db-3")]
    [InlineData("web9", "web9,web10,web11")]
    public void Names_count_on_from_the_first(string first, string names)
    {
        string.Join(',', new FleetPlan { First = first, Hosts = 3 }.Names).ShouldBe(names);
    }

    static double Correlation(double[] a, double[] b)
    {
        var (meanA, meanB) = (a.Average(), b.Average());
        var covariance = a.Zip(b).Sum(pair => (pair.First - meanA) * (pair.Second - meanB));
        return covariance / Math.Sqrt(a.Sum(x => (x - meanA) * (x - meanA)) * b.Sum(x => (x - meanB) * (x - meanB)));
    }
}
