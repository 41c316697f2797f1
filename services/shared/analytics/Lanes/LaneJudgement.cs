namespace Forewarn.Analytics;

/// <summary>What a <see cref="MetricLane"/> says of a point.</summary>
/// <param name="Score">Strangeness told once for an event: 0 while it has only the same to tell. 1 is about one point in a thousand of ordinary data.</param>
/// <param name="Strangeness">The same before the silence: every strange point, not only the first.</param>
/// <param name="Tail">Tail probability of the strangeness among the metric's own past.</param>
/// <param name="Events">What happens, as far as a kind fits.</param>
/// <param name="Open">The lane's own decision: an alarm stands.</param>
public readonly record struct LaneJudgement(double Score, double Strangeness, TailProbability Tail, LaneEvents Events, bool Open)
{
    /// <inheritdoc cref="Tail"/>
    public double P => Tail.P;
}
