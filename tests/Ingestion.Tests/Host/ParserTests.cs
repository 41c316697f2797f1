using System.Text;
using CsCheck;

namespace Forewarn.Ingestion.Tests;

public sealed class ParserTests
{
    [Fact]
    public void Processor_time_is_read_without_counting_guests_twice()
    {
        var stat = CpuStat.Parse(Samples.Stat);
        stat.Times.ShouldBe(new CpuTimes(User: 1000, Nice: 20, System: 300, Idle: 8000, IoWait: 50, Interrupt: 20, Steal: 40));
        stat.Times.Total.ShouldBe(9430ul);
        (stat.ContextSwitches, stat.Interrupts, stat.Created, stat.Running, stat.Blocked).ShouldBe((730877ul, 311392ul, 8816ul, 5ul, 1ul));
    }

    [Fact]
    public void Idle_time_that_runs_backwards_counts_as_none()
    {
        var earlier = new CpuTimes(10, 0, 10, 100, 50, 0, 0);
        var now = new CpuTimes(15, 0, 15, 99, 40, 0, 0);
        now.Since(earlier).ShouldBe(new CpuTimes(5, 0, 5, 0, 0, 0, 0));
    }

    [Fact]
    public void Memory_is_read_in_bytes()
    {
        var memory = MemInfo.Parse(Samples.MemInfo);
        memory.Total.ShouldBe(1000ul * 1024);
        memory.Utilization.ShouldBe(0.3, 1e-12);
        memory.SwapUtilization.ShouldBe(0.1, 1e-12);
        memory.Used.ShouldBe(350ul * 1024);
        memory.Dirty.ShouldBe(8ul * 1024);
    }

    [Fact]
    public void An_old_kernel_without_MemAvailable_is_estimated()
    {
        MemInfo.Parse("MemTotal: 100 kB\nMemFree: 10 kB\nBuffers: 5 kB\nCached: 25 kB\n"u8).Utilization.ShouldBe(0.6, 1e-12);
    }

    [Fact]
    public void Only_wanted_disks_are_read_in_bytes_and_in_order()
    {
        var disks = DiskStat.Parse(Samples.DiskStats, device => !device.EndsWith("p1"));
        disks.ShouldBe(
        [
            new DiskStat("nvme0n1", 100, 2000 * 512, 200, 4000 * 512, 500),
            new DiskStat("sda", 1, 8 * 512, 2, 16 * 512, 3),
        ]);
    }

    [Fact]
    public void Interfaces_are_read_with_and_without_a_blank_after_the_colon()
    {
        NetStat.Parse(Samples.NetDev).ShouldBe(
        [
            new NetStat("eth0", new(1000, 10, 1, 2), new(2000, 20, 3, 4)),
            new NetStat("veth1a2", new(7000, 70, 0, 0), new(8000, 80, 0, 0)),
        ]);
    }

    [Fact]
    public void Real_file_systems_are_listed_once_per_device_and_network_mounts_never()
    {
        Mounts.Parse(Samples.Mounts).ShouldBe(
        [
            new Mount("/dev/vda1", "/"), new Mount("tank/home", "/home"), new Mount("/dev/vdb", "/srv/my data"),
        ]);
        Mounts.Parse("overlay / overlay rw 0 0\n"u8).ShouldBe([new Mount("overlay", "/")]);
    }

    [Fact]
    public void Pressure_is_read_where_the_kernel_tells_it()
    {
        Pressure.Parse(Samples.Pressure).ShouldBe(new Pressure(42477771, 17));
        Pressure.Parse(default).ShouldBe(new Pressure(null, null));
    }

    [Fact]
    public void Load_averages_are_read_with_the_number_of_tasks()
    {
        LoadAverage.Parse("1.02 0.44 0.24 4/126 8826\n"u8).ShouldBe(new LoadAverage(1.02, 0.44, 0.24, 126));
    }

    [Theory]
    [InlineData(100ul, 150ul, false, 25.0)]
    [InlineData(100ul, 100ul, false, 0.0)]
    [InlineData(150ul, 100ul, false, double.NaN)]
    [InlineData(150ul, 100ul, true, double.NaN)]
    [InlineData(4294967290ul, 4ul, true, 5.0)]
    [InlineData(4294967290ul, 4ul, false, double.NaN)]
    public void A_counter_that_falls_is_a_reset_unless_it_can_have_gone_round(ulong earlier, ulong now, bool is32Bit, double rate)
    {
        Counters.Rate(earlier, now, seconds: 2, is32Bit).ShouldBe(rate);
    }

    [Fact]
    public void No_text_makes_a_parser_fail()
    {
        Gen.String.Array[0, 6].Select(parts => Encoding.UTF8.GetBytes(string.Join(' ', parts) + "\n" + string.Concat(parts))).Sample(text =>
        {
            CpuStat.Parse(text);
            MemInfo.Parse(text);
            DiskStat.Parse(text, _ => true);
            NetStat.Parse(text);
            Mounts.Parse(text);
            Pressure.Parse(text);
            LoadAverage.Parse(text);
        });
    }
}
