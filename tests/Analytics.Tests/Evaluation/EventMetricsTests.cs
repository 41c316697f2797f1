using CsCheck;

namespace Forewarn.Analytics.Tests.Evaluation;

public sealed class EventMetricsTests
{
    [Fact]
    public void Alarms_of_one_series_are_counted_as_a_person_would()
    {
        // Events at 100-119 and 200-209. Alarms: a lonely one, one before and into the first event, one that outlasts it.
        var metrics = EventMetrics.Of(Marks(300, 20, 90, 105, 125), Marks(300, [.. Enumerable.Range(100, 20), .. Enumerable.Range(200, 10)]));
        metrics.Events.ShouldBe(2);
        metrics.Found.ShouldBe(1);
        metrics.Recall.ShouldBe(0.5);
        metrics.NormalPoints.ShouldBe(270);
        metrics.FalseEpisodes.ShouldBe(3, "20, 90 and, 35 points after it, 125");
        metrics.FalseOpenings.ShouldBe(2, "125 goes on with the alarm of 105");
        metrics.Delays.ShouldBe([5]);
        metrics.Leads.ShouldBe([10]);
    }

    [Fact]
    public void A_lead_reaches_back_through_its_whole_episode_and_not_into_the_event_before()
    {
        bool[] labels = Marks(400, [.. Enumerable.Range(100, 10), .. Enumerable.Range(300, 10)]);
        EventMetrics.Of(Marks(400, 240, 260, 280), labels).Leads.ShouldBe([60]);
        EventMetrics.Of(Marks(400, 230, 260), labels).Leads.ShouldBeEmpty();
        EventMetrics.Of(Marks(400, 105), Marks(400, [.. Enumerable.Range(100, 10), 112])).Leads.ShouldBeEmpty();
    }

    [Fact]
    public void The_sweep_finds_what_trying_every_threshold_finds() =>
        Gen.Select(Gen.Int[0, 40].Array[120], Gen.Int[0, 40].Array[120], Gen.Int[5, 60]).Sample((one, other, budget) =>
        {
            EventSeries[] series = [Of(one), Of(other)];
            var found = new EventSweep(series).At(budget, [1, 1]);
            found.Recall.ShouldBe(Naive(series, budget), 1e-12);
        });

    [Fact]
    public void A_series_drawn_twice_counts_as_two()
    {
        var random = new SeededRandom(5);
        EventSeries one = Noise(random), other = Noise(random);
        new EventSweep([one, other]).At(20, [1, 2]).Recall.ShouldBe(new EventSweep([one, other, other]).At(20, [1, 1, 1]).Recall, 1e-12);
    }

    [Fact]
    public void Sums_weigh_series_as_they_were_drawn()
    {
        var one = EventMetrics.Of(Marks(100, 10), Marks(100, 10, 50));
        var other = EventMetrics.Of(Marks(100, 70), Marks(100, 20));
        var sum = EventMetrics.Sum([one, other], [2, 1]);
        (sum.Events, sum.Found, sum.NormalPoints, sum.FalseEpisodes).ShouldBe((5, 2, 295, 1));
        sum.Delays.ShouldBe([0, 0]);
    }

    static EventSeries Noise(SeededRandom random) => Of([.. Enumerable.Range(0, 120).Select(_ => random.NextInt(1000))]);

    [Fact]
    public void A_score_that_never_changes_finds_nothing() =>
        new EventSweep([Of(new int[200])]).At(10, [1]).ShouldBe(new RecallAtBudget(double.PositiveInfinity, 0));

    static EventSeries Of(int[] ranks) =>
        new([.. ranks.Select(rank => (double)rank)], Marks(ranks.Length, [.. Enumerable.Range(40, 5), .. Enumerable.Range(90, 3)]), new bool[ranks.Length]);

    static bool[] Marks(int count, params int[] at)
    {
        var marks = new bool[count];
        foreach (var i in at)
        {
            marks[i] = true;
        }

        return marks;
    }

    static double Naive(EventSeries[] all, double budget)
    {
        double best = 0;
        foreach (var threshold in all.SelectMany(series => series.Scores).Distinct().OrderDescending())
        {
            EventMetrics[] parts = [.. all.Select(series => EventMetrics.Of([.. series.Scores.Select(score => score >= threshold)], series.Labels))];
            var sum = EventMetrics.Sum(parts, [1, 1]);
            var normal = all.Sum(series => series.Labels.Count(label => !label));
            if (sum.EpisodesPerThousand > budget || 2 * all.Sum(series => series.Scores.Where((score, i) => score >= threshold && !series.Labels[i]).Count()) >= normal)
            {
                break;
            }

            best = sum.Recall;
        }

        return best;
    }
}
