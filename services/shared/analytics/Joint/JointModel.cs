namespace Forewarn.Analytics;

/// <summary>
/// Judges all metrics of an entity at once. Three energies a metric (what principal components of short and of long
/// windows leave unexplained; how strange it is given the others) and one of the row (distance to its third neighbour
/// among ordinary rows); the score is the mean rarity of each kind over the metrics that are there, added up. 0 is
/// ordinary; 1 more is about ten times rarer. Scoring is a chain of products, squares, sums, roots, logarithms and
/// broken lines. Immutable and thread-safe; rows are scored through a <see cref="JointBatch"/>. Measured, not yet deciding.
/// </summary>
public sealed class JointModel
{
    const byte CheckpointVersion = 1;

    readonly EnergyTail[][] _tails;
    readonly EnergyTail _neighbourTail;

    internal JointModel(JointMembers members, Neighbours? neighbours, EnergyTail[][] tails, EnergyTail neighbourTail, double neighbourWeight)
    {
        (Members, Neighbours, NeighbourWeight) = (members, neighbours, neighbourWeight);
        (_tails, _neighbourTail) = (tails, neighbourTail);
    }

    /// <summary>Metrics of a row.</summary>
    public int Metrics => _tails[0].Length;

    internal JointMembers Members { get; }

    /// <summary>Null where they have no weight.</summary>
    internal Neighbours? Neighbours { get; }

    /// <summary>What the rarity of the neighbours' distance counts.</summary>
    public double NeighbourWeight { get; }

    /// <summary>Rarity of a metric: the sum over its energies.</summary>
    internal float RarityOf(int metric, ReadOnlySpan<float> energies)
    {
        var sum = 0f;
        for (var member = 0; member < energies.Length; member++)
            sum += _tails[member][metric].RarityOf(energies[member]);
        return sum;
    }

    internal float NeighbourRarityOf(float energy) => _neighbourTail.RarityOf(energy);

    public void Write(BinaryWriter w)
    {
        ArgumentNullException.ThrowIfNull(w);
        w.Write(CheckpointVersion);
        w.Write(Metrics);
        w.Write(NeighbourWeight);
        Members.Write(w);
        foreach (var tail in _tails.SelectMany(tails => tails))
            tail.Write(w);
        w.Write(Neighbours is not null);
        Neighbours?.Write(w);
        _neighbourTail.Write(w);
    }

    /// <exception cref="InvalidDataException">The bytes are no model of this version.</exception>
    public static JointModel Read(BinaryReader r)
    {
        ArgumentNullException.ThrowIfNull(r);
        r.ExpectVersion(CheckpointVersion, "a joint model");
        var metrics = r.ReadBoundedCount(JointFeatures.MaxMetrics);
        var weight = r.ReadDouble();
        var members = JointMembers.Read(r);
        var tails = new EnergyTail[JointMembers.PerMetric][];
        for (var member = 0; member < tails.Length; member++)
        {
            tails[member] = new EnergyTail[metrics];
            for (var metric = 0; metric < metrics; metric++)
                tails[member][metric] = EnergyTail.Read(r);
        }
        var neighbours = r.ReadBoolean() ? Neighbours.Read(r) : null;
        return new JointModel(members, neighbours, tails, EnergyTail.Read(r), weight);
    }
}
