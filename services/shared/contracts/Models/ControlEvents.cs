namespace Forewarn.Contracts;

/// <summary>Topic <c>control</c>: what replicas tell each other apart from measurements. One of its members is set.</summary>
public sealed record ControlEvent
{
    public int V { get; init; } = 1;
    public ShadowReport? Shadow { get; init; }
    public ChampionReport? Champion { get; init; }

    /// <summary>From alerting: how much each entity may use of the false-alarm budgets.</summary>
    public BudgetShares? Budgets { get; init; }

    /// <summary>From alerting: silences and maintenance windows have changed.</summary>
    public SilencesChanged? Silences { get; init; }
}

/// <param name="At">Unix milliseconds.</param>
public sealed record SilencesChanged(long At);

/// <summary>
/// What one replica of <c>predictor</c> has seen of a challenger so far. Counts are cumulative: of two reports of one
/// count the one with more ticks holds, so repeated and overtaken messages do no harm and a lost one costs a minute.
/// </summary>
public sealed record ShadowReport
{
    /// <summary>The process start that counts.</summary>
    public required string Producer { get; init; }

    /// <summary>When this process began this count, unix milliseconds; with <see cref="Producer"/> its identity.</summary>
    public required long CountedSince { get; init; }

    public required string Challenger { get; init; }
    public required string Champion { get; init; }

    /// <summary><see cref="ModelComparison.Since"/> of the comparison it belongs to.</summary>
    public required long Trial { get; init; }

    /// <summary>Entity-ticks (seconds) on which both decided.</summary>
    public required long Ticks { get; init; }

    public required long ChampionOpenings { get; init; }
    public required long ChallengerOpenings { get; init; }

    /// <summary>What an entity may cause, the mean over <see cref="Ticks"/>.</summary>
    public required double FalseAlarmsPerWeek { get; init; }
    public required ScoreSums Scores { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public required long At { get; init; }
}

/// <summary>Sums over pairs of scores, from which their correlation follows; sums of replicas can be added.</summary>
/// <param name="Count">Pairs.</param>
/// <param name="X">Champion's scores.</param>
/// <param name="Y">Challenger's scores.</param>
/// <param name="XX">Squares of X.</param>
/// <param name="YY">Squares of Y.</param>
/// <param name="XY">Products.</param>
public readonly record struct ScoreSums(long Count, double X, double Y, double XX, double YY, double XY)
{
    public ScoreSums With(double x, double y) => new(Count + 1, X + x, Y + y, XX + (x * x), YY + (y * y), XY + (x * y));

    public static ScoreSums operator +(ScoreSums a, ScoreSums b) => Add(a, b);

    public static ScoreSums Add(ScoreSums a, ScoreSums b) =>
        new(a.Count + b.Count, a.X + b.X, a.Y + b.Y, a.XX + b.XX, a.YY + b.YY, a.XY + b.XY);

    /// <summary>Pearson's correlation; null when either side does not vary.</summary>
    public double? Correlation()
    {
        var (x, y) = ((XX * Count) - (X * X), (YY * Count) - (Y * Y));
        return x > 0 && y > 0 ? Math.Clamp(((XY * Count) - (X * Y)) / Math.Sqrt(x * y), -1, 1) : null;
    }
}
