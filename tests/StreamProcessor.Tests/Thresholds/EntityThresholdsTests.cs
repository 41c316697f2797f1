using CsCheck;
using Forewarn.Contracts;

namespace Forewarn.StreamProcessor.Tests;

public sealed class EntityThresholdsTests
{
    const long T0 = 1_772_366_400_000;
    const long DayMs = 86_400_000;

    static readonly SeriesSchema One = SeriesSchema.Of([SeriesColumn.Of("a", "1")]);

    // Ticks of any pace; values around the limit 10 and what clears it, 7; now and then none.
    static readonly Gen<(int Pause, double Value)[]> Ticks = Gen.Select(
        Gen.Int[1, 40], Gen.Frequency((1, Gen.Int[0, 0].Select(_ => double.NaN)), (6, Gen.Int[5, 13].Select(value => (double)value)))).Array[1, 80];

    [Fact]
    public void It_fires_as_scanning_the_whole_past_says() => Gen.Select(Ticks, Gen.Int[0, 120], Gen.Bool).Sample(
        (ticks, forSeconds, hasClear) =>
        {
            var rule = Rule("a > 10") with { ForMs = forSeconds * 1000, Clear = hasClear ? new Bound(Comparison.Below, 7) : null };
            var (thresholds, set) = (new EntityThresholds("e", DayMs), new RuleSet([rule]));
            var (t, past) = (T0, new List<(long T, double Value)>());
            foreach (var (pause, value) in ticks)
            {
                t += pause * 1000L;
                past.Add((t, value));
                var found = thresholds.Take(t, [value], One, set);
                var fires = !double.IsNaN(value) && Fires(past, rule);
                found.Count.ShouldBe(fires ? 1 : 0);
                if (fires)
                    ThresholdDetections.Of("e", found[0], t, t).Ongoing.ShouldBe(value <= 10);
            }
        },
        iter: 400);

    [Fact]
    public void A_restart_and_a_changed_file_go_on_counting() => Gen.Select(Ticks, Gen.Int[0, 120], Gen.Int[0, 79], Gen.Bool).Sample(
        (ticks, forSeconds, cut, restarts) =>
        {
            var rule = Rule("a > 10") with { ForMs = forSeconds * 1000, Clear = new Bound(Comparison.Below, 7) };
            var set = new RuleSet([rule]);
            EntityThresholds steady = new("e", DayMs), changed = new("e", DayMs);
            var t = T0;
            for (var i = 0; i < ticks.Length; i++)
            {
                t += ticks[i].Pause * 1000L;
                if (i == cut && restarts)
                    changed = Copy(Copy(changed));
                if (i == cut)
                    set = new RuleSet([Rule("b > 1") with { Name = "other" }, rule with { Severity = IncidentSeverity.Critical }]);
                var mine = changed.Take(t, [ticks[i].Value], One, set).Select(finding => finding.Watches[0].State).ToList();
                mine.ShouldBe(steady.Take(t, [ticks[i].Value], One, new RuleSet([rule])).Select(finding => finding.Watches[0].State));
            }
        },
        iter: 200);

    [Fact]
    public void A_changed_limit_is_another_rule_and_counts_anew()
    {
        var thresholds = new EntityThresholds("e", DayMs);
        for (var i = 0; i < 59; i++)
            thresholds.Take(T0 + (i * 1000), [12], One, new RuleSet([Rule("a > 10") with { ForMs = 60_000 }])).ShouldBeEmpty();
        var other = new RuleSet([Rule("a > 11") with { ForMs = 60_000 }]);
        Enumerable.Range(59, 60).ShouldAllBe(i => thresholds.Take(T0 + (i * 1000), new double[] { 12 }, One, other).Count == 0);
        thresholds.Take(T0 + (119 * 1000), [12], One, other).Count.ShouldBe(1);
    }

    [Fact]
    public void Only_the_series_and_entities_that_a_rule_names_are_watched()
    {
        var schema = SeriesSchema.Of([Disk("/data"), Disk("/boot"), Disk("swap"), SeriesColumn.Of("system.filesystem.utilization", "1")]);
        var rule = Rule("system.filesystem.utilization > 0.9") with
        {
            Name = "disk-full",
            Entity = new Wildcard("db-*"),
            Labels = new Dictionary<string, Wildcard>(StringComparer.Ordinal) { ["system.filesystem.mountpoint"] = new("/*") },
        };
        var set = new RuleSet([rule]);
        new EntityThresholds("web-1", DayMs).Take(T0, [1, 1, 1, 1], schema, set).ShouldBeEmpty();
        var finding = new EntityThresholds("db-1", DayMs).Take(T0, [0.93, 0.97, 1, 1], schema, set).ShouldHaveSingleItem();
        finding.Watches.Select(watch => watch.Column.Labels["system.filesystem.mountpoint"]).ShouldBe(["/boot", "/data"], "the farthest first");
        ThresholdSentence.Of(finding).ShouldBe("system.filesystem.utilization on /boot is 0.97, above 0.9; so is 1 more series (rule disk-full)");
    }

    [Fact]
    public void Of_very_many_series_some_are_watched_and_the_rest_is_told_once()
    {
        var schema = SeriesSchema.Of([.. Enumerable.Range(0, 100).Select(i => Disk($"/{i}"))]);
        var (thresholds, set) = (new EntityThresholds("e", DayMs), new RuleSet([Rule("system.filesystem.utilization > 0")]));
        var values = Enumerable.Repeat(1.0, 100).ToArray();
        thresholds.Take(T0, values, schema, set).ShouldHaveSingleItem().Watches.Count.ShouldBe(EntityThresholds.MostWatched);
        thresholds.TakeUnwatched().ShouldBe(100 - EntityThresholds.MostWatched);
        thresholds.Take(T0 + 1000, values, schema, set);
        thresholds.TakeUnwatched().ShouldBe(0);
    }

    [Fact]
    public void A_series_that_was_away_for_long_begins_anew()
    {
        var (thresholds, set) = (new EntityThresholds("e", DayMs), new RuleSet([Rule("a > 10") with { ForMs = 60_000 }]));
        for (var i = 0; i < 50; i++)
            thresholds.Take(T0 + (i * 1000), [12], One, set);
        for (var i = 50; i < 400; i++)
            thresholds.Take(T0 + (i * 1000), [double.NaN], One, set).ShouldBeEmpty();
        thresholds.Take(T0 + 400_000, [12], One, set).ShouldBeEmpty();
        thresholds.Take(T0 + 460_000, [12], One, set).ShouldHaveSingleItem().Watches[0].State.Since.ShouldBe(T0 + 400_000);
    }

    [Theory]
    [InlineData(1, 30, 30)]
    [InlineData(1, 0, 3)]
    [InlineData(20, 30, 50)]
    public void A_series_is_missing_after_the_rules_time_and_not_before_its_own_pauses_are_over(int everySeconds, int forSeconds, int missingAfter)
    {
        var (thresholds, set) = (new EntityThresholds("e", DayMs), new RuleSet([Rule("missing(a)") with { ForMs = forSeconds * 1000 }]));
        var last = 0;
        for (var second = 0; second <= 40 * everySeconds; second++)
        {
            last = second % everySeconds == 0 ? second : last;
            thresholds.Take(T0 + (second * 1000), [second == last ? 1 : double.NaN], One, set).ShouldBeEmpty($"second {second}");
        }
        var after = 1;
        while (thresholds.Take(T0 + ((last + after) * 1000L), [double.NaN], One, set).Count == 0)
            after++;
        after.ShouldBeInRange(missingAfter - 1, missingAfter + 1);
        var finding = thresholds.Take(T0 + ((last + 60) * 1000L), [double.NaN], One, set).ShouldHaveSingleItem();
        ThresholdSentence.Of(finding).ShouldBe("a has not been measured for 1 min (rule missing(a))");
        thresholds.Take(T0 + ((last + 61) * 1000L), [1], One, set).ShouldBeEmpty("it is back");
        thresholds.Take(T0 + ((last + 62) * 1000L), [double.NaN], One, set).ShouldBeEmpty();
    }

    [Fact]
    public void A_missing_series_is_missing_without_a_column_and_after_a_restart_until_it_is_forgotten()
    {
        var both = SeriesSchema.Of([SeriesColumn.Of("a", "1"), SeriesColumn.Of("b", "1")]);
        var other = SeriesSchema.Of([SeriesColumn.Of("b", "1")]);
        var (thresholds, set) = (new EntityThresholds("e", DayMs), new RuleSet([Rule("missing(a)") with { ForMs = 5000 }]));
        for (var second = 0; second < 60; second++)
            thresholds.Take(T0 + (second * 1000), [1, 1], both, set);
        thresholds.Take(T0 + 400_000, [1], other, set).ShouldHaveSingleItem();
        var copy = Copy(thresholds);
        copy.Take(T0 + 401_000, [1], other, set).ShouldHaveSingleItem().Watches[0].Column.Name.ShouldBe("a");
        copy.Take(T0 + DayMs, [1], other, set).ShouldHaveSingleItem();
        copy.Take(T0 + DayMs + 60_000, [1], other, set).ShouldBeEmpty();
    }

    [Fact]
    public void A_damaged_checkpoint_is_refused()
    {
        using var bytes = new MemoryStream([7, 0, 0, 0, 0]);
        Should.Throw<InvalidDataException>(() => new EntityThresholds("e", DayMs).Restore(new BinaryReader(bytes))).Message.ShouldContain("version 7");
        using var many = new MemoryStream([1, 255, 255, 255, 127]);
        Should.Throw<InvalidDataException>(() => new EntityThresholds("e", DayMs).Restore(new BinaryReader(many)));
    }

    static bool Fires(List<(long T, double Value)> past, ThresholdRule rule)
    {
        var measured = past.Where(point => !double.IsNaN(point.Value)).ToList();
        for (var fired = measured.Count - 1; fired >= 0; fired--)
        {
            var run = measured.Take(fired + 1).Reverse().TakeWhile(point => point.Value > 10).ToList();
            if (run.Count > 0 && measured[fired].T - run[^1].T >= rule.ForMs)
                return true;
            if (rule.Clear is null ? measured[fired].Value <= 10 : measured[fired].Value < 7)
                return false;
        }
        return false;
    }

    static EntityThresholds Copy(EntityThresholds thresholds)
    {
        using var bytes = new MemoryStream();
        thresholds.Write(new BinaryWriter(bytes));
        bytes.Position = 0;
        var copy = new EntityThresholds("e", DayMs);
        copy.Restore(new BinaryReader(bytes));
        bytes.Position.ShouldBe(bytes.Length);
        return copy;
    }

    static SeriesColumn Disk(string mountpoint) =>
        SeriesColumn.Of("system.filesystem.utilization", "1", new Dictionary<string, string>(StringComparer.Ordinal) { ["system.filesystem.mountpoint"] = mountpoint });

    static ThresholdRule Rule(string condition) =>
        new() { Name = condition, Condition = ConditionParser.Parse(condition, out _)!, OverMs = 60_000 };
}
