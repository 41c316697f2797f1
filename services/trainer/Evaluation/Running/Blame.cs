namespace Forewarn.Trainer;

/// <summary>Whom a detector blames for the events whose causes are known: the first metric of the strangest row of each.</summary>
sealed class Blame(IReadOnlyList<EventCause> causes)
{
    readonly (double Score, int Column)[] _blamed = [.. causes.Select(_ => (double.NegativeInfinity, -1))];

    /// <summary>Events with known causes.</summary>
    public int Events => causes.Count;

    /// <summary>Those of them that were blamed on one of their causes.</summary>
    public int Right => _blamed.Where((blamed, i) => causes[i].Columns.Contains(blamed.Column)).Count();

    /// <summary>A row belongs to such an event: it matters whom the detector blames for it.</summary>
    public bool Asks(int row) => causes.Any(cause => row >= cause.First && row <= cause.Last);

    public void Take(int row, double score, ReadOnlySpan<double> contributions)
    {
        for (var i = 0; i < causes.Count; i++)
        {
            if (row >= causes[i].First && row <= causes[i].Last && score > _blamed[i].Score)
                _blamed[i] = (score, Most(contributions));
        }
    }

    // Nothing is blamed on anything when all are alike: the detector cannot tell.
    static int Most(ReadOnlySpan<double> contributions)
    {
        var (most, largest) = (-1, 0.0);
        for (var i = 0; i < contributions.Length; i++)
        {
            if (contributions[i] > largest)
                (most, largest) = (i, contributions[i]);
        }
        return most;
    }
}
