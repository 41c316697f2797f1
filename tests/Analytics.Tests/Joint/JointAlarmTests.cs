namespace Forewarn.Analytics.Tests.Joint;

public sealed class JointAlarmTests
{
    [Fact]
    public void Rows_that_are_beyond_by_enough_in_sum_raise_it_and_an_ordinary_one_ends_it()
    {
        var (alarm, random) = Learned();
        var t = 2000L;
        for (var i = 0; i < 300; i++)
            alarm.Take(60_000 * t++, random.NextGaussian()).Stands.ShouldBeFalse();
        bool[] raised = [.. Enumerable.Range(0, 4).Select(_ => alarm.Take(60_000 * t++, 8).Stands)];
        raised.ShouldBe([false, true, true, true]);
        alarm.Take(60_000 * t++, 0).Stands.ShouldBeFalse();
        alarm.Take(60_000 * t++, 8.1).Stands.ShouldBeFalse("one row just beyond raises nothing");
        alarm.Take(60_000 * t++, 0).Stands.ShouldBeFalse();
        alarm.Take(60_000 * t, 30).Stands.ShouldBeTrue("one row far beyond does");
    }

    [Fact]
    public void It_stands_while_what_raised_it_lasts_and_not_for_ever()
    {
        var (alarm, _) = Learned();
        bool[] raised = [.. Enumerable.Range(2000, 1440).Select(t => alarm.Take(60_000L * t, 12).Stands)];
        raised[1..60].ShouldAllBe(stands => stands);
        raised[120..].ShouldAllBe(stands => !stands);
    }

    [Fact]
    public void What_lasts_is_told_until_it_is_usual_for_the_last_days_and_tells_more_than_a_row_alone()
    {
        var (alarm, _) = Learned();
        JointJudgement[] rows = [.. Enumerable.Range(2000, 60).Select(t => alarm.Take(60_000L * t, 12))];
        rows[1..5].ShouldAllBe(row => row.Lasts);
        rows[30..].ShouldAllBe(row => row.Stands && row.Strange && !row.Lasts);
        rows.Select(row => row.Telling).ShouldBeInOrder();
        rows[0].Telling.ShouldBeLessThan(8);
        rows[^1].Telling.ShouldBe(12, 0.01);
    }

    [Fact]
    public void Rows_that_are_rarer_in_time_may_be_as_much_more_common_among_rows()
    {
        var (minutes, fives) = (ShareBeyond(60_000), ShareBeyond(300_000));
        minutes.ShouldBeInRange(0.0005, 0.002);
        (fives / minutes).ShouldBeInRange(3.5, 9);

        static double ShareBeyond(long step)
        {
            var random = new SeededRandom(5);
            var alarm = new JointAlarm(CalibrationPrior.FromScores(Ordinary()), JointRules.Minutes);
            bool[] beyond = [.. Enumerable.Range(0, 30_000).Select(t => alarm.Take(step * t, 6 - Math.Log(random.NextDouble() + 1e-12)).Beyond)];
            return beyond[5000..].Average(row => row ? 1.0 : 0);
        }
    }

    [Fact]
    public void What_is_common_in_the_last_days_raises_nothing_however_strange_it_was_for_the_training()
    {
        var (alarm, _) = Learned();
        for (var t = 2000; t < 4000; t++)
            alarm.Learn(60_000L * t, t % 20 == 0 ? 12 : 0);
        Enumerable.Range(4000, 100).Select(t => alarm.Take(60_000L * t, 12).Stands).ShouldAllBe(stands => !stands);
    }

    [Fact]
    public void What_the_training_has_seen_often_raises_nothing_however_quiet_the_last_days_were()
    {
        var (alarm, random) = Learned();
        for (var t = 2000; t < 4000; t++)
            alarm.Learn(60_000L * t, random.NextGaussian() / 10);
        Enumerable.Range(4000, 100).Select(t => alarm.Take(60_000L * t, JointRules.Minutes.Evidence - 0.1).Stands).ShouldAllBe(stands => !stands);
    }

    [Fact]
    public void A_checkpoint_continues_as_if_nothing_had_happened()
    {
        var (alarm, random) = Learned();
        alarm.Take(60_000 * 2000L, 30);
        alarm.Take(60_000 * 2001L, 30);
        var copy = JointSamples.Copy(alarm.Write, reader => JointAlarm.Read(reader, CalibrationPrior.FromScores(Ordinary()), JointRules.Minutes));
        for (var t = 2002; t < 2300; t++)
        {
            var score = t % 50 < 3 ? 20 : random.NextGaussian();
            copy.Take(60_000L * t, score).ShouldBe(alarm.Take(60_000L * t, score));
        }
        JointSamples.Bytes(copy.Write).ShouldBe(JointSamples.Bytes(alarm.Write));
    }

    [Fact]
    public void With_a_lag_a_run_of_rare_rows_is_judged_by_what_was_before_it()
    {
        var rules = JointRules.Minutes with { PValue = 5e-5, Needed = 8 };
        Raised(rules).ShouldBeFalse("each row teaches that the next is usual");
        Raised(rules with { Lag = 30 }).ShouldBeTrue();
        Should.Throw<ArgumentOutOfRangeException>(() => new JointAlarm(CalibrationPrior.FromScores(Ordinary()), rules with { Lag = JointRules.MaxLag + 1 }));

        static bool Raised(JointRules rules)
        {
            var (alarm, _) = Learned(rules);
            return Enumerable.Range(2000, 10).Any(t => alarm.Take(60_000L * t, 8).Stands);
        }
    }

    [Fact]
    public void A_checkpoint_holds_what_is_not_usual_yet()
    {
        var rules = JointRules.Minutes with { Lag = 30 };
        var (alarm, random) = Learned(rules);
        for (var t = 2000; t < 2020; t++)
            alarm.Take(60_000L * t, 8);
        var copy = JointSamples.Copy(alarm.Write, reader => JointAlarm.Read(reader, CalibrationPrior.FromScores(Ordinary()), rules));
        for (var t = 2020; t < 2200; t++)
        {
            var score = t % 50 < 3 ? 20 : random.NextGaussian();
            copy.Take(60_000L * t, score).ShouldBe(alarm.Take(60_000L * t, score));
        }
        JointSamples.Bytes(copy.Write).ShouldBe(JointSamples.Bytes(alarm.Write));
    }

    static float[] Ordinary()
    {
        var random = new SeededRandom(3);
        return [.. Enumerable.Range(0, 2000).Select(_ => (float)random.NextGaussian())];
    }

    static (JointAlarm Alarm, SeededRandom Random) Learned(JointRules? rules = null)
    {
        var (alarm, ordinary) = (new JointAlarm(CalibrationPrior.FromScores(Ordinary()), rules ?? JointRules.Minutes), Ordinary());
        for (var i = 0; i < ordinary.Length; i++)
            alarm.Learn(60_000L * i, ordinary[i]);
        return (alarm, new SeededRandom(9));
    }
}
