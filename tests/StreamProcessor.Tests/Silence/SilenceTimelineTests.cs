namespace Forewarn.StreamProcessor.Tests;

/// <summary>Three intervals of an entity, and never the pauses of its sender, its door or our own stream.</summary>
public sealed class SilenceTimelineTests
{
    readonly SilenceTimeline _line = new();

    [Theory]
    [InlineData(1000, 0)]
    [InlineData(1000, 350)]
    [InlineData(1000, 500)]
    [InlineData(1000, 900)]
    [InlineData(2000, 1000)]
    [InlineData(10_000, 0)]
    [InlineData(10_000, 3300)]
    [InlineData(10_000, 5000)]
    [InlineData(60_000, 17_000)]
    public async Task An_entity_of_any_cadence_is_missed_within_three_intervals(int interval, int phase)
    {
        var stop = 70L * interval;
        _line.Add("web-1", interval, 0, stop + 1);
        _line.Add("web-2", interval, phase, stop + (20 * interval));
        var told = await _line.PlayAsync(stop + (8 * interval));
        told.ShouldNotBeEmpty();
        told.ShouldAllBe(one => one.Entity == "web-1");
        (told[0].At - stop).ShouldBeInRange(2 * interval, 3 * interval);
    }

    [Fact]
    public async Task A_sender_that_comes_half_a_second_early_or_late_is_not_silent_until_it_stops()
    {
        var random = new Random(7);
        _line.Add("web-1", 1000, 1000, 600_001, at => at + random.Next(-500, 501));
        _line.Add("web-2", 1000, 300, 650_000);
        var told = await _line.PlayAsync(620_000);
        told[0].At.ShouldBeInRange(602_000, 604_000);
    }

    [Fact]
    public async Task A_sender_of_five_rows_every_five_seconds_has_a_rhythm_of_five_seconds()
    {
        _line.Add("web-1", 1000, 0, 600_000, at => ((at / 5000) + 1) * 5000);
        _line.Add("web-2", 1000, 300, 650_000);
        var told = await _line.PlayAsync(640_000);
        told.ShouldNotBeEmpty();
        (told[0].At - 600_000).ShouldBeInRange(10_000, 15_000);
    }

    [Theory]
    [InlineData(3000)]
    [InlineData(4000)]
    [InlineData(9000)]
    [InlineData(30_000)]
    public async Task Nobody_is_silent_when_the_stream_pauses_and_brings_the_rest_at_once(int pause)
    {
        for (var host = 0; host < 8; host++)
            _line.Add($"web-{host}", 1000, host * 110, 300_000, Paused);
        (await _line.PlayAsync(300_000)).ShouldBeEmpty();

        long Paused(long at) => at % 60_000 < pause && at > 90_000 ? at - (at % 60_000) + pause : at;
    }

    [Fact]
    public async Task Nobody_is_silent_while_a_backlog_is_worked_off()
    {
        // Received in time, handled at three times the speed after 20 s of standstill, one partition after the other.
        for (var host = 0; host < 8; host++)
        {
            var partition = host % 2;
            _line.Add($"web-{host}", 1000, host * 110, 200_000, at => at < 100_000 ? at : Math.Max(at, 120_000 + (partition * 4000) + ((at - 100_000) / 3)));
        }
        (await _line.PlayAsync(200_000)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Most_of_a_door_at_once_is_the_doors_matter_for_a_few_seconds()
    {
        for (var host = 0; host < 8; host++)
            _line.Add($"web-{host}", 1000, host * 110, 200_000, at => host >= 2 && at is >= 100_000 and < 106_000 ? 106_000 : at);
        (await _line.PlayAsync(200_000)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Most_of_a_door_at_once_is_told_when_it_lasts()
    {
        for (var host = 0; host < 8; host++)
            _line.Add($"web-{host}", 1000, host * 110, host < 2 ? 200_000 : 100_000);
        var told = await _line.PlayAsync(120_000);
        told.Select(one => one.Entity).Distinct().Count().ShouldBe(6);
        told[0].At.ShouldBeInRange(105_000, 109_000);
    }

    [Fact]
    public async Task A_sender_that_often_pauses_is_told_a_few_times_and_then_known()
    {
        // Seven seconds of rest after every twenty.
        _line.Add("web-1", 1000, 0, 700_000);
        _line.Add("web-2", 1000, 300, 700_000);
        _line.Add("web-3", 1000, 0, 60_001);
        for (var from = 61_000L; from < 680_000; from += 27_000)
            _line.Add("web-3", 1000, from, from + 20_000);
        var told = await _line.PlayAsync(680_000);
        var pauses = told.Where(one => one.Entity == "web-3").ToList();
        pauses.Count.ShouldBeInRange(1, 5);
        pauses.ShouldAllBe(one => one.At < 300_000);
        told.ShouldAllBe(one => one.Entity == "web-3");
    }

    [Fact]
    public async Task One_outage_does_not_make_the_next_be_told_later()
    {
        _line.Add("web-1", 1000, 0, 100_001);
        _line.Add("web-1", 1000, 160_000, 260_001);
        _line.Add("web-2", 1000, 300, 300_000);
        var told = await _line.PlayAsync(264_000);
        told[0].At.ShouldBeInRange(102_000, 103_000);
        told.Where(one => one.At > 200_000).ShouldHaveSingleItem().At.ShouldBeInRange(262_000, 263_000);
    }
}
