using CsCheck;
using Forewarn.Contracts;

namespace Forewarn.Ingestion.Tests;

public sealed class QualityChecksTests
{
    const long Now = 1_800_000_000_000;

    [Fact]
    public void A_clock_that_is_kept_in_step_is_never_wrong_whatever_is_gathered_before_it_is_sent() =>
        Gen.Select(Gen.Int[1, 60], Gen.Int[0, 20_000].Array[40]).Sample((step, ages) =>
        {
            var check = new ClockCheck();
            for (var i = 0; i < ages.Length; i++)
                check.Look(Now + (i * step * 1000L) - ages[i], Now + (i * step * 1000L)).ShouldBeNull();
        }, seed: "0N0XIzNsQ0O2", iter: 500);

    [Fact]
    public void A_clock_ahead_is_told_at_the_third_request_and_right_again_at_once()
    {
        var check = new ClockCheck();
        var told = Enumerable.Range(0, 3).Select(i => check.Look(Now + (i * 1000) + 42_000, Now + (i * 1000))).ToList();
        told[1].ShouldBeNull();
        told[2].ShouldNotBeNull().ShouldContain("42 s ahead");
        check.Look(Now + 4000, Now + 4000).ShouldBeNull();
    }

    [Fact]
    public void A_clock_behind_is_told_after_a_minute_and_data_sent_after_an_outage_is_not()
    {
        var behind = new ClockCheck();
        string? last = null;
        for (var i = 0; i < 70; i++)
            last = behind.Look(Now + (i * 1000) - 300_000, Now + (i * 1000));
        last.ShouldNotBeNull().ShouldContain("5 min old");

        var catchingUp = new ClockCheck();
        for (var i = 0; i < 300; i++)
            catchingUp.Look(Now - 3_600_000 + (i * 12_000), Now + (i * 1000)).ShouldBeNull($"{i}");
    }

    [Fact]
    public void A_counter_that_falls_three_times_in_ten_minutes_is_told_and_one_restart_is_not()
    {
        var check = new CounterCheck();
        check.Take("requests", Now);
        check.Look(Now).ShouldBeNull();
        check.Take("requests", Now + 60_000);
        check.Take("requests", Now + 120_000);
        check.Look(Now + 120_000).ShouldNotBeNull().ShouldContain("requests has fallen 3 times");
        check.Look(Now + 700_000).ShouldBeNull();
    }

    [Fact]
    public void Rows_of_two_senders_with_one_name_are_told_and_a_few_late_ones_are_not()
    {
        var (two, one) = (new OrderCheck(), new OrderCheck());
        string? found = null;
        for (var i = 0; i < 100; i++)
        {
            found = two.Look(Rows("x", Now + (i * 1000) - (i % 2 * 5000)));
            one.Look(Rows("x", Now + (i * 1000) - (i % 20 == 0 ? 5000 : 0))).ShouldBeNull();
        }
        found.ShouldNotBeNull().ShouldContain("after newer ones");
    }

    [Fact]
    public void A_share_sent_in_per_cent_is_told_and_a_processs_many_processors_are_not()
    {
        var check = new RangeCheck();
        var found = Enumerable.Range(0, 5).Select(i => check.Look(Rows("system.memory.utilization", Now + i, 45))).ToList();
        found[3].ShouldBeNull();
        found[4].ShouldNotBeNull().ShouldContain("per cent");
        check.Look(Rows("system.memory.utilization", Now + 9, 0.45)).ShouldBeNull();
        for (var i = 0; i < 20; i++)
            check.Look(Rows("process.cpu.utilization", Now + i, 3)).ShouldBeNull();
        for (var i = 0; i < 20; i++)
            check.Look(Rows("system.cpu.utilization", Now + i, double.NaN)).ShouldBeNull();
    }

    [Fact]
    public void A_changed_unit_is_told_for_ten_minutes_and_so_is_a_change_back()
    {
        var check = new UnitCheck(100);
        SeriesSchema seconds = Schema("wait", "s"), milliseconds = Schema("wait", "ms");
        check.Look(seconds, Now).ShouldBeNull();
        check.Look(milliseconds, Now + 1).ShouldNotBeNull().ShouldContain("from s to ms");
        check.Look(milliseconds, Now + 601_000).ShouldBeNull();
        check.Look(seconds, Now + 602_000).ShouldNotBeNull().ShouldContain("from ms to s");
    }

    static SeriesSchema Schema(string name, string unit = "1") => SeriesSchema.Of([SeriesColumn.Of(name, unit)]);

    static Submission Rows(string name, long t, double value = 1) => new("web-1", Schema(name), [new MetricRow(t, [value])], "json");
}
