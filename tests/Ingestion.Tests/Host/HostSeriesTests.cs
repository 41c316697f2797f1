using Forewarn.Contracts;

namespace Forewarn.Ingestion.Tests;

public sealed class HostSeriesTests
{
    static HostSnapshot Snapshot(double seconds, ulong scale = 1) => new()
    {
        Seconds = seconds,
        Cpu = new CpuStat(new CpuTimes(10 * scale, 0, 10 * scale, 70 * scale, 10 * scale, 0, 0), 1000 * scale, 500 * scale, 7 * scale, 3, 1),
        Load = new LoadAverage(1, 2, 3, 99),
        Memory = MemInfo.Parse(Samples.MemInfo),
        Disks = [new DiskStat("sda", 10 * scale, 4096 * scale, 20 * scale, 8192 * scale, 250 * scale)],
        Interfaces = [new NetStat("eth0", new(1000 * scale, 10 * scale, 0, 0), new(2000 * scale, 20 * scale, 0, 0))],
        Filesystems = [new FilesystemSpace("/", 1000, 500, 400)],
        CpuPressure = new Pressure(200_000 * scale, 0),
        MemoryPressure = new Pressure(0, 0),
        IoPressure = new Pressure(null, null),
        Processes = 42,
    };

    static Dictionary<string, double> Measure(HostSnapshot earlier, HostSnapshot now, SeriesSink? sink = null)
    {
        sink ??= new SeriesSink();
        HostSeries.Measure(earlier, now, sink);
        var (schema, values) = sink.Complete();
        return schema.Columns.Zip(values).ToDictionary(pair => pair.First.Canonical(), pair => pair.Second);
    }

    [Fact]
    public void Two_snapshots_give_shares_levels_and_rates_per_second()
    {
        var series = Measure(Snapshot(10), Snapshot(12, scale: 3));
        series["system.cpu.utilization"].ShouldBe(0.2, 1e-12);
        series["system.cpu.utilization{cpu.mode=\"iowait\"}"].ShouldBe(0.1, 1e-12);
        series["system.disk.io{disk.io.direction=\"write\",system.device=\"sda\"}"].ShouldBe(8192);
        series["system.disk.io_time{system.device=\"sda\"}"].ShouldBe(0.25, 1e-12);
        series["system.network.io{network.interface.name=\"eth0\",network.io.direction=\"receive\"}"].ShouldBe(1000);
        series["system.linux.pressure{system.pressure.kind=\"some\",system.pressure.resource=\"cpu\"}"].ShouldBe(0.2, 1e-12);
        series["system.filesystem.utilization{system.filesystem.mountpoint=\"/\"}"].ShouldBe(500.0 / 900, 1e-12);
        series["system.process.created"].ShouldBe(7);
        series.Keys.ShouldNotContain(key => key.StartsWith("system.linux.pressure") && key.Contains("io\""));
        series.Count.ShouldBeInRange(40, 70);
    }

    [Fact]
    public void A_counter_reset_masks_the_rate_and_nothing_else()
    {
        var series = Measure(Snapshot(10, scale: 9), Snapshot(11, scale: 10) with { Interfaces = [new NetStat("eth0", new(5, 1, 0, 0), new(90_000, 900, 0, 0))] });
        series["system.network.io{network.interface.name=\"eth0\",network.io.direction=\"receive\"}"].ShouldBe(double.NaN);
        series["system.network.io{network.interface.name=\"eth0\",network.io.direction=\"transmit\"}"].ShouldBe(72_000);
    }

    [Fact]
    public void A_device_that_appears_changes_the_schema_and_starts_masked_and_the_old_schema_comes_back_with_the_old_devices()
    {
        var sink = new SeriesSink();
        var with = Snapshot(12, 3) with { Disks = [.. Snapshot(12, 3).Disks, new DiskStat("sdb", 5, 5, 5, 5, 5)] };
        HostSeries.Measure(Snapshot(10), Snapshot(11, 2), sink);
        var first = sink.Complete().Schema;
        HostSeries.Measure(Snapshot(11, 2), with, sink);
        var (second, values) = sink.Complete();
        HostSeries.Measure(with, Snapshot(13, 4), sink);
        var third = sink.Complete().Schema;

        second.Hash.ShouldNotBe(first.Hash);
        third.Hash.ShouldBe(first.Hash);
        second.Columns.Zip(values).Where(pair => pair.First.Labels.Values.Contains("sdb")).ShouldAllBe(pair => double.IsNaN(pair.Second));
    }

    [Fact]
    public void The_same_devices_give_the_same_schema_object()
    {
        var sink = new SeriesSink();
        HostSeries.Measure(Snapshot(10), Snapshot(11, 2), sink);
        var first = sink.Complete().Schema;
        HostSeries.Measure(Snapshot(11, 2), Snapshot(12, 3), sink);
        sink.Complete().Schema.ShouldBeSameAs(first);
    }

    [Fact]
    public void Every_series_passes_the_rules_of_the_doors()
    {
        var sink = new SeriesSink();
        HostSeries.Measure(Snapshot(10), Snapshot(11, 2), sink);
        foreach (var column in sink.Complete().Schema.Columns)
        {
            Names.WhyNotSeries(column.Name).ShouldBeNull();
            Names.WhyNotUnit(column.Unit).ShouldBeNull();
            column.Labels.ShouldAllBe(label => Names.WhyNotLabelKey(label.Key) == null && Names.WhyNotLabelValue(label.Value) == null);
        }
    }

    [Fact]
    public void This_machine_can_be_measured()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc");
        using var host = new LinuxHost(TimeProvider.System);
        host.Measure().ShouldBeNull();
        var (schema, values) = host.Measure()!.Value;
        var memory = schema.Columns.ToList().FindIndex(column => column.Name == "system.memory.utilization");
        values[memory].ShouldBeInRange(0.001, 1);
        schema.Columns.Select(column => column.Id).ShouldBeUnique();
    }

    [Theory]
    [InlineData("web 1", "web-1")]
    [InlineData("host.example", "host.example")]
    [InlineData("", "this-host")]
    public void The_entity_is_the_host_name_made_acceptable(string machine, string entity)
    {
        HostCollector.EntityName(null, machine).ShouldBe(entity);
        HostCollector.EntityName("chosen", machine).ShouldBe("chosen");
    }
}
