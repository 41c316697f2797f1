using CsCheck;
using Forewarn.Contracts;
using Forewarn.Hosting;
using Microsoft.Extensions.Configuration;

namespace Forewarn.Trainer.Tests;

public sealed class TrialTests
{
    const long Hour = 3_600_000;

    static readonly Trial Trial = new("any", "2", "1", Since: 1000);
    static readonly TrialLimits Limits = new(Ticks: 7200, AtLeast: TimeSpan.FromHours(24), AtMost: TimeSpan.FromHours(168));

    [Fact]
    public void Reports_that_are_repeated_overtaken_or_lost_count_as_the_newest_of_each_process() =>
        Gen.Select(Gen.Int[1, 6], Gen.Int[0, 3], Gen.Int[0, 1]).Array[1, 50].Sample(arrivals =>
        {
            var reports = arrivals.Select(arrival => Samples.Report(Trial, arrival.Item1 * 1000, $"p{arrival.Item2}", countedSince: arrival.Item3)).ToList();
            var newest = reports.GroupBy(report => (report.Producer, report.CountedSince)).Select(group => group.MaxBy(report => report.Ticks)!).ToList();

            var sum = reports.Aggregate(Trial, (trial, report) => trial.With(report)).Sum();

            sum.Ticks.ShouldBe(newest.Sum(report => report.Ticks));
            sum.ChampionOpenings.ShouldBe(newest.Sum(report => report.ChampionOpenings));
            sum.ChallengerOpenings.ShouldBe(newest.Sum(report => report.ChallengerOpenings));
        });

    [Fact]
    public void Reports_of_other_trials_are_left_out()
    {
        var report = Samples.Report(Trial, 1000);

        Trial.With(report with { Trial = 999 }).ShouldBeSameAs(Trial);
        Trial.With(report with { Champion = "0" }).ShouldBeSameAs(Trial);
        Trial.With(report with { Challenger = "3" }).ShouldBeSameAs(Trial);
    }

    [Fact]
    public void Predictors_that_keep_restarting_do_not_fill_the_registry()
    {
        var trial = Enumerable.Range(0, 250).Aggregate(Trial, (trial, i) => trial.With(Samples.Report(trial, 10, $"p{i}")));

        trial.Reports.Count.ShouldBe(100);
        trial.Sum().Ticks.ShouldBe(1000);
    }

    [Fact]
    public void Agreement_is_the_correlation_over_all_replicas() =>
        Gen.Select(Gen.Double[0, 1], Gen.Double[0, 1]).Array[10, 200].Sample(pairs =>
        {
            var half = pairs.Length / 2;
            var sums = Sums(pairs[..half]) + Sums(pairs[half..]);
            var (mx, my) = (pairs.Average(pair => pair.Item1), pairs.Average(pair => pair.Item2));
            var expected = pairs.Sum(pair => (pair.Item1 - mx) * (pair.Item2 - my))
                / Math.Sqrt(pairs.Sum(pair => Math.Pow(pair.Item1 - mx, 2)) * pairs.Sum(pair => Math.Pow(pair.Item2 - my, 2)));

            sums.Correlation().ShouldNotBeNull().ShouldBe(expected, 1e-6);
        });

    [Fact]
    public void Scores_that_do_not_vary_have_no_agreement() => Sums([(0.5, 0.1), (0.5, 0.9)]).Correlation().ShouldBeNull();

    [Theory]
    [InlineData(7199, 0, 0, 200, "Retire", "Only 7,199 of 7,200 entity-ticks were compared.")]
    [InlineData(7199, 0, 0, 100, "GoOn", "Only 7,199 of 7,200 entity-ticks were compared.")]
    [InlineData(7200, 0, 0, 23, "GoOn", "It was tried for 23 of 24 hours.")]
    [InlineData(7200, 0, 0, 24, "Promote", "In 2 entity-hours it would have opened 0 decisions, the champion opened 0, the budget allows 0. No incident is labelled: live traffic alone decides.")]
    [InlineData(7200, 3, 3, 24, "Promote", "In 2 entity-hours it would have opened 3 decisions, the champion opened 3, the budget allows 0. No incident is labelled: live traffic alone decides.")]
    [InlineData(7200, 1, 0, 24, "GoOn", "In 2 entity-hours it would have opened 1 decisions, the champion opened 0, the budget allows 0.")]
    [InlineData(7200, 1, 0, 168, "Retire", "In 2 entity-hours it would have opened 1 decisions, the champion opened 0, the budget allows 0.")]
    [InlineData(604_800, 2, 0, 24, "Promote", "In 168 entity-hours it would have opened 2 decisions, the champion opened 0, the budget allows 2. No incident is labelled: live traffic alone decides.")]
    public void A_challenger_takes_over_when_it_was_tried_enough_and_opens_no_more_than_it_may(
        long ticks, long challenger, long champion, int hours, string outcome, string reason)
    {
        var comparison = new ModelComparison
        {
            Against = "1",
            Since = 0,
            Ticks = ticks,
            ChallengerOpenings = challenger,
            ChampionOpenings = champion,
            FalseAlarmsPerWeek = 2,
            Replay = LabelledSpans.Sum("", at: 0, [], unread: 0),
        };

        var judgement = TrialRules.Judge(comparison, hours * Hour, Limits);

        (judgement.Outcome.ToString(), judgement.Reason).ShouldBe((outcome, reason));
    }

    [Theory]
    [InlineData(3, 3, 0, 0, 24, "Promote")]
    [InlineData(3, 4, 1, 1, 24, "Promote")]
    [InlineData(3, 2, 2, 0, 24, "GoOn")]
    [InlineData(3, 4, 0, 1, 24, "GoOn")]
    [InlineData(3, 2, 0, 0, 168, "Retire")]
    [InlineData(3, 3, 0, 1, 168, "Retire")]
    [InlineData(0, 0, 2, 0, 24, "Promote")]
    [InlineData(0, 0, 0, 1, 24, "GoOn")]
    public void It_must_find_as_many_labelled_incidents_and_repeat_no_more_false_alarms(
        int championFound, int challengerFound, int championRepeated, int challengerRepeated, int hours, string outcome)
    {
        var comparison = new ModelComparison { Against = "1", Since = 0, Ticks = 7200, Replay = Replay(championFound, challengerFound, championRepeated, challengerRepeated) };

        var judgement = TrialRules.Judge(comparison, hours * Hour, Limits);

        judgement.Outcome.ToString().ShouldBe(outcome);
        judgement.Reason.ShouldEndWith(
            $"Of 4 labelled incidents it finds {challengerFound}, the champion {championFound}; of 2 false alarms it repeats {challengerRepeated}, the champion {championRepeated}.");
    }

    [Fact]
    public void What_was_not_replayed_yet_is_waited_for()
    {
        var comparison = new ModelComparison { Against = "1", Since = 0, Ticks = 7200 };

        TrialRules.Judge(comparison, 24 * Hour, Limits).ShouldBe(new Judgement(TrialOutcome.GoOn, "What people labelled was not replayed yet."));
    }

    [Fact]
    public void An_open_incident_postpones_and_at_the_end_of_the_trial_retires()
    {
        var comparison = new ModelComparison { Against = "1", Since = 0, Ticks = 7200 };

        TrialRules.Postpone(comparison, 30 * Hour, Limits).Outcome.ShouldBe(TrialOutcome.GoOn);
        TrialRules.Postpone(comparison, 168 * Hour, Limits).Outcome.ShouldBe(TrialOutcome.Retire);
    }

    [Fact]
    public void A_trial_cannot_end_before_it_may_succeed()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("Trainer:ChallengerHours", "48"), new("Trainer:ChallengerMaxHours", "48")]).Build();

        Should.Throw<OptionsException>(() => OptionsExtensions.Read<TrainerOptions>(settings))
            .Message.ShouldBe("TRAINER__CHALLENGERMAXHOURS is '48': must be more than TRAINER__CHALLENGERHOURS (48): a challenger would be retired before it can take over.");
    }

    static IncidentReplay Replay(int championFound, int challengerFound, int championRepeated, int challengerRepeated)
    {
        IEnumerable<ReplayedSpan> Spans(FeedbackKind kind, int count, int champion, int challenger) => Enumerable.Range(0, count).Select(i => new ReplayedSpan
        {
            Id = $"{kind}-{i}",
            Kind = i == 0 && kind == FeedbackKind.Useful ? FeedbackKind.Missed : kind,
            Entity = "e",
            From = 0,
            To = 1,
            ChampionAfterSeconds = i < champion ? 1 : null,
            ChallengerAfterSeconds = i >= count - challenger ? -2 : null,
        });
        return LabelledSpans.Sum(
            "", at: 0,
            [.. Spans(FeedbackKind.Useful, 4, championFound, challengerFound), .. Spans(FeedbackKind.FalseAlarm, 2, championRepeated, challengerRepeated)], unread: 0);
    }

    static ScoreSums Sums((double X, double Y)[] pairs) => pairs.Aggregate(default(ScoreSums), (sums, pair) => sums.With(pair.X, pair.Y));
}
