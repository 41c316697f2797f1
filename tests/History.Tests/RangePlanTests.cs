using CsCheck;
using Forewarn.History.RollUps;

namespace Forewarn.History.Tests;

public sealed class RangePlanTests
{
    const long Minute = 60_000, Hour = 3_600_000, Day = 24 * Hour;
    const long Start = 20_000 * Day;

    static readonly Gen<Coverage> AnyCoverage = Gen.Select(Gen.Int[0, 100], Gen.Int[0, 400], Gen.Int[0, 600].List[0, 6]).Select((since, length, late) =>
    {
        var from = Start + (since * Minute);
        var to = from + (length * Minute);
        return new Coverage(from, Math.Max(Level.Hour.Floor(to), Level.Hour.Floor(from)), to, [0, 0, 0, 0], [.. late.Distinct().Order().Select(minute => Start + (minute * Minute))]);
    });

    static readonly Gen<long> AnyStep = Gen.OneOf(Gen.OneOf(Array.ConvertAll((long[])[1_000L, 10_000L, 30_000L, Minute, 90_000L, 5 * Minute, Hour, 2 * Hour], step => Gen.Const(step))), Gen.Long[1, Hour]);

    [Fact]
    public void Parts_cover_every_instant_once_in_buckets_that_fit_the_step_and_are_complete() =>
        Gen.Select(AnyCoverage, AnyStep, Gen.Long[0, 12 * Hour], Gen.Long[1, 12 * Hour]).Sample((coverage, step, offset, span) =>
        {
            long from = Start + offset, to = from + span;

            var parts = RangePlan.Of(from, to, step, coverage).OrderBy(part => part.From).ToList();

            parts[0].From.ShouldBe(from);
            parts[^1].To.ShouldBe(to);
            foreach (var (earlier, later) in parts.Zip(parts.Skip(1)))
                later.From.ShouldBe(earlier.To);
            foreach (var part in parts.Where(part => part.Level != Level.Raw))
            {
                (step % part.Level.WidthMs).ShouldBe(0);
                part.Level.Floor(part.From).ShouldBe(part.From);
                part.Level.Floor(part.To).ShouldBe(part.To);
                part.From.ShouldBeGreaterThanOrEqualTo(coverage.Since);
                part.To.ShouldBeLessThanOrEqualTo(part.Level == Level.Hour ? coverage.RolledHours : coverage.Rolled);
                coverage.LateMinutes.ShouldNotContain(minute => minute + Minute > part.From && minute < part.To);
            }
        });

    [Fact]
    public void The_coarsest_level_carries_the_middle_and_finer_ones_the_ends()
    {
        var coverage = new Coverage(Start, Start + (10 * Hour), Start + (10 * Hour) + (30 * Minute), [0, 0, 0, 0], []);

        var parts = RangePlan.Of(Start + Hour - 70_500, Start + (11 * Hour), Hour, coverage);

        parts.Select(part => (part.Level.Suffix, (part.From - Start) / 500, (part.To - Start) / 500)).ShouldBe([
            ("", 7_059, 7_060), ("_10s", 7_060, 7_080), ("_1m", 7_080, 7_200), ("_1h", 7_200, 72_000), ("_1m", 72_000, 75_600), ("", 75_600, 79_200)]);
    }

    [Fact]
    public void What_is_past_its_retention_comes_from_the_finest_level_that_is_left()
    {
        long[] kept = [Start + (30 * Day), Start + (37 * Day), Start + (20 * Day), Start];
        var coverage = new Coverage(0, Start + (40 * Day), Start + (40 * Day), kept, []);

        var parts = RangePlan.Of(Start + Day + 1, Start + (35 * Day), 1_000, coverage).OrderBy(part => part.From);

        parts.ShouldBe([
            new Part(Level.Hour, Start + Day, Start + (20 * Day)),
            new Part(Level.Minute, Start + (20 * Day), Start + (30 * Day)),
            new Part(Level.Raw, Start + (30 * Day), Start + (35 * Day))]);
    }
}
