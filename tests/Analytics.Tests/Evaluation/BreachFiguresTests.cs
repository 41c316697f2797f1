namespace Forewarn.Analytics.Tests.Evaluation;

public sealed class BreachFiguresTests
{
    [Fact]
    public void A_series_is_the_same_for_its_seed_and_no_other()
    {
        var values = BreachScenario.Generate(BreachCourse.Leak, 1).Values;
        BreachScenario.Generate(BreachCourse.Leak, 1).Values.ShouldBe(values);
        BreachScenario.Generate(BreachCourse.Leak, 2).Values.ShouldNotBe(values);
    }

    [Fact]
    public void Leaks_and_ramps_breach_and_nothing_else_comes_near()
    {
        foreach (var seed in Enumerable.Range(1, 20))
        {
            foreach (var course in (BreachCourse[])[BreachCourse.Leak, BreachCourse.Ramp])
            {
                var scenario = BreachScenario.Generate(course, seed);
                scenario.Breach.ShouldBe(scenario.Values.Count);
                (scenario.Breach - scenario.Onset).ShouldNotBeNull().ShouldBeInRange(60, 900);
            }

            foreach (var course in (BreachCourse[])[BreachCourse.Step, BreachCourse.Cycle, BreachCourse.Nothing])
            {
                var scenario = BreachScenario.Generate(course, seed);
                scenario.Breach.ShouldBeNull();
                scenario.Values.Count.ShouldBe(2 * BreachScenario.SamplesPerDay);
                scenario.Values.Max().ShouldBeLessThan(BreachScenario.Limit + 5);
            }
        }
    }

    [Fact]
    public void One_that_knows_is_perfect()
    {
        // Every predictor knows all breaches of its seeds; which series it follows shows in the first value.
        var known = Enumerable.Range(1, 5).SelectMany(seed => Enum.GetValues<BreachCourse>().Select(course => BreachScenario.Generate(course, seed)))
            .ToDictionary(scenario => scenario.Values[0]);
        var figures = BreachFigures.Of(_ => new Oracle(known, 50), seeds: 5);
        figures.Breaches.ShouldBe(10);
        (figures.Recall, figures.LeadMedian, figures.LeadP10, figures.FalsePerDay, figures.Coverage).ShouldBe((1, 50, 50, 0, 1));
        figures.RelativeErrors.ShouldAllBe(error => error < 1e-9);
        figures.Foretold.ShouldBe([1, 1, 1]);
    }

    [Fact]
    public void One_that_always_cries_is_told_so()
    {
        var figures = BreachFigures.Of(_ => new Crying(), seeds: 2);
        figures.Recall.ShouldBe(1);
        figures.FalsePerDay.ShouldBeGreaterThan(0);
        figures.Coverage.ShouldBe(double.NaN);
        figures.RelativeErrors.ShouldAllBe(error => double.IsNaN(error));
    }

    [Fact]
    public void The_baselines_stand_where_they_stood_when_the_bars_were_set()
    {
        // Research: static 85 leads by 24 minutes, a least-squares line over 30 by 73 with false alarms, Holt by 62.
        var limit = BreachFigures.Of(_ => new StaticLimit(85), seeds: 60);
        limit.Recall.ShouldBe(1, 0.02);
        limit.LeadMedian.ShouldBe(24, 8);
        limit.FalsePerDay.ShouldBeLessThan(0.05);
        var line = BreachFigures.Of(breach => new LeastSquaresLine(breach), seeds: 60);
        line.LeadMedian.ShouldBe(73, 15);
        line.FalsePerDay.ShouldBeInRange(0.3, 0.9);
        var holt = BreachFigures.Of(breach => new DampedHolt(breach), seeds: 60);
        holt.Recall.ShouldBe(1);
        holt.LeadMedian.ShouldBe(62, 8);
        holt.FalsePerDay.ShouldBeInRange(0.02, 0.15);
    }

    [Fact]
    public void The_forecaster_that_ships_warns_of_all_in_time_and_of_nothing_else()
    {
        var figures = BreachFigures.Of(limit => new ShippedPredictor(limit), seeds: 60);
        figures.Recall.ShouldBe(1);
        figures.LeadMedian.ShouldBeGreaterThanOrEqualTo(50);
        figures.LeadP10.ShouldBeGreaterThanOrEqualTo(40);
        figures.FalsePerDay.ShouldBeLessThanOrEqualTo(0.02);
        figures.RelativeErrors[1].ShouldBeLessThanOrEqualTo(0.15);
        figures.Coverage.ShouldBeInRange(0.75, 0.85);
    }

    sealed class Oracle(Dictionary<double, BreachScenario> known, int lead) : IBreachPredictor
    {
        BreachScenario? _scenario;
        int _sample;

        public BreachWord Take(long t, double value)
        {
            _scenario ??= known[value];
            var left = _scenario.Breach - _sample++;
            return left is { } minutes ? new BreachWord(minutes <= lead, minutes * 60, minutes * 50, minutes * 70) : default;
        }
    }

    sealed class Crying : IBreachPredictor
    {
        public BreachWord Take(long t, double value) => new(true);
    }
}
