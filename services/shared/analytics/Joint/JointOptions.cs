namespace Forewarn.Analytics;

/// <summary>How a joint model is trained; one set for all data.</summary>
public sealed record JointOptions
{
    /// <summary>Share of the variance whose components are taken out of the short features.</summary>
    public double ShortExplained { get; init; } = 0.95;

    /// <summary>The same of all features.</summary>
    public double LongExplained { get; init; } = 0.90;

    /// <summary>Added to each variance before the covariance of the short features is inverted.</summary>
    public double Ridge { get; init; } = 0.1;

    /// <summary>A feature's scale is at least this share of the deviation of its metric's value.</summary>
    public double LeastScale { get; init; } = 0.4;

    /// <summary>Training rows that neighbours are sought among, at most.</summary>
    public int References { get; init; } = 3000;

    /// <summary>While training, rows nearer than this in time are no neighbours.</summary>
    public int Apart { get; init; } = 100;

    /// <summary>Weight of the neighbours in the score; the three energies have 1.</summary>
    public double NeighbourWeight { get; init; } = 1;

    /// <summary>Weight of the forest in the score.</summary>
    public double ForestWeight { get; init; } = 0.25;

    /// <summary>Draws the references and grows the forest.</summary>
    public long Seed { get; init; } = 1;
}
