namespace Forewarn.Analytics;

/// <summary>How well a method warned of generated breaches.</summary>
public sealed record BreachFigures
{
    /// <summary>Minutes before the breach at which forecasts are judged.</summary>
    public static IReadOnlyList<int> Marks { get; } = [60, 30, 15];

    const int MergeMinutes = 30;
    const long SampleMs = 60_000;

    /// <summary>Series that breach.</summary>
    public required int Breaches { get; init; }

    /// <summary>Share of them of which was warned between the beginning of the way to the limit and the breach.</summary>
    public required double Recall { get; init; }

    /// <summary>Minutes from the first such warning to the breach: median, and what nine in ten exceed; NaN without any.</summary>
    public required double LeadMedian { get; init; }
    public required double LeadP10 { get; init; }

    /// <summary>Episodes of warnings where no breach was on its way, by day of such time; nearer than 30 minutes are one.</summary>
    public required double FalsePerDay { get; init; }

    /// <summary>Median of |foretold - true| / true at each of <see cref="Marks"/>, over the series that gave a forecast there; NaN without any.</summary>
    public required IReadOnlyList<double> RelativeErrors { get; init; }

    /// <summary>Share of series that gave a forecast at each of <see cref="Marks"/>, of those whose way had begun.</summary>
    public required IReadOnlyList<double> Foretold { get; init; }

    /// <summary>Share of the forecasts of the last hour whose 80 % interval holds the true time; NaN without intervals.</summary>
    public required double Coverage { get; init; }

    /// <summary>Runs a method over all courses.</summary>
    /// <param name="create">A new predictor for a series and its limit.</param>
    /// <param name="seeds">Series of each course.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static BreachFigures Of(Func<double, IBreachPredictor> create, int seeds, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(create);
        ArgumentOutOfRangeException.ThrowIfLessThan(seeds, 1);
        var courses = Enum.GetValues<BreachCourse>();
        var runs = new Run[courses.Length * seeds];
        Parallel.For(0, runs.Length, new ParallelOptions { CancellationToken = cancellationToken },
            i => runs[i] = Follow(BreachScenario.Generate(courses[i % courses.Length], 1 + (i / courses.Length)), create(BreachScenario.Limit)));
        double[] leads = [.. runs.Select(run => run.Lead).OfType<double>().Order()];
        var breaches = runs.Count(run => run.Breaches);
        var intervals = runs.Sum(run => run.Intervals);
        return new BreachFigures
        {
            Breaches = breaches,
            Recall = (double)leads.Length / breaches,
            LeadMedian = Bootstrap.Quantile(leads, 0.5),
            LeadP10 = Bootstrap.Quantile(leads, 0.1),
            FalsePerDay = runs.Sum(run => run.FalseEpisodes) / runs.Sum(run => run.QuietMinutes) * BreachScenario.SamplesPerDay,
            RelativeErrors = [.. Marks.Select((_, mark) => Bootstrap.Quantile([.. runs.Select(run => run.Errors[mark]).OfType<double>().Order()], 0.5))],
            Foretold = [.. Marks.Select((_, mark) => (double)runs.Count(run => run.Errors[mark] is not null) / runs.Count(run => run.HasMark[mark]))],
            Coverage = intervals == 0 ? double.NaN : (double)runs.Sum(run => run.Covered) / intervals,
        };
    }

    static Run Follow(BreachScenario scenario, IBreachPredictor predictor)
    {
        var run = new Run { Breaches = scenario.Breach is not null };
        var lastFalse = -MergeMinutes;
        for (var i = 0; i < scenario.Values.Count; i++)
        {
            var word = predictor.Take(i * SampleMs, scenario.Values[i]);
            if (scenario is { Onset: { } onset, Breach: { } breach } && i >= onset)
            {
                run.Lead ??= word.Alarm ? breach - i : null;
                Judge(run, word, breach - i);
                continue;
            }

            run.QuietMinutes++;
            if (word.Alarm)
            {
                run.FalseEpisodes += i - lastFalse >= MergeMinutes ? 1 : 0;
                lastFalse = i;
            }
        }

        return run;
    }

    static void Judge(Run run, BreachWord word, int minutesLeft)
    {
        for (var mark = 0; mark < Marks.Count; mark++)
        {
            if (minutesLeft == Marks[mark])
            {
                run.HasMark[mark] = true;
                run.Errors[mark] = word.MedianSeconds is { } median ? Math.Abs((median / 60) - minutesLeft) / minutesLeft : null;
            }
        }

        if (minutesLeft <= Marks[0] && word is { LowSeconds: { } low, HighSeconds: { } high })
        {
            run.Intervals++;
            run.Covered += low / 60 <= minutesLeft && minutesLeft <= high / 60 ? 1 : 0;
        }
    }

    sealed class Run
    {
        public bool Breaches { get; init; }
        public double? Lead { get; set; }
        public double QuietMinutes { get; set; }
        public int FalseEpisodes { get; set; }
        public int Intervals { get; set; }
        public int Covered { get; set; }
        public double?[] Errors { get; } = new double?[Marks.Count];
        public bool[] HasMark { get; } = new bool[Marks.Count];
    }
}
