namespace Forewarn.Analytics;

/// <summary>
/// Judges all metrics of an entity at once. Three energies a metric (what principal components of short and of long
/// windows leave unexplained; how strange it is given the others) and two of the row (distance to its third neighbour among
/// ordinary rows; an Isolation Forest on the energies); the score is the mean rarity of each of the three over the metrics
/// that are there, plus the weighted rarities of the two. 0 is ordinary, higher is rarer. Scoring is a chain of products,
/// squares, sums, roots, logarithms, trees and broken lines. Immutable and thread-safe; rows are scored through a
/// <see cref="JointBatch"/>, or in production through the ONNX graph of it.
/// </summary>
public sealed class JointModel
{
    const byte CheckpointVersion = 1;

    internal JointModel(JointMembers members, EnergyTail[][] tails, Neighbours? neighbours, RowTail neighbourTail, EnergyForest? forest, RowTail forestTail)
    {
        (Members, Neighbours, Forest) = (members, neighbours, forest);
        (Tails, NeighbourTail, ForestTail) = (tails, neighbourTail, forestTail);
    }

    /// <summary>Metrics of a row.</summary>
    public int Metrics => Tails[0].Length;

    internal JointMembers Members { get; }

    /// <summary>Null where they have no weight.</summary>
    internal Neighbours? Neighbours { get; }

    /// <inheritdoc cref="Neighbours"/>
    internal EnergyForest? Forest { get; }

    /// <summary>By member and metric.</summary>
    internal EnergyTail[][] Tails { get; }

    internal RowTail NeighbourTail { get; }

    internal RowTail ForestTail { get; }

    /// <summary>Rarity of a metric: the sum over its energies.</summary>
    internal float RarityOf(int metric, ReadOnlySpan<float> energies)
    {
        var sum = 0f;
        for (var member = 0; member < energies.Length; member++)
            sum += Tails[member][metric].RarityOf(energies[member]);
        return sum;
    }

    /// <summary>What the distance to the third neighbour adds to a score.</summary>
    internal float NeighbourPart(float energy) => NeighbourTail.PartOf(energy);

    /// <summary>What the forest adds to a score.</summary>
    internal float ForestPart(float energy) => ForestTail.PartOf(energy);

    public void Write(BinaryWriter w)
    {
        ArgumentNullException.ThrowIfNull(w);
        w.Write(CheckpointVersion);
        w.Write(Metrics);
        Members.Write(w);
        foreach (var tail in Tails.SelectMany(tails => tails))
            tail.Write(w);
        w.Write(Neighbours is not null);
        Neighbours?.Write(w);
        NeighbourTail.Write(w);
        w.Write(Forest is not null);
        Forest?.Write(w);
        ForestTail.Write(w);
    }

    /// <exception cref="InvalidDataException">The bytes are no model of this version.</exception>
    public static JointModel Read(BinaryReader r)
    {
        ArgumentNullException.ThrowIfNull(r);
        r.ExpectVersion(CheckpointVersion, "a joint model");
        var metrics = r.ReadBoundedCount(JointRow.MaxMetrics);
        var members = JointMembers.Read(r);
        if (metrics == 0 || !members.Fit(metrics))
            throw new InvalidDataException($"The joint model says it reads {metrics} metrics, its matrices say otherwise; discard it and train anew.");
        var tails = new EnergyTail[JointMembers.PerMetric][];
        for (var member = 0; member < tails.Length; member++)
        {
            tails[member] = new EnergyTail[metrics];
            for (var metric = 0; metric < metrics; metric++)
                tails[member][metric] = EnergyTail.Read(r);
        }
        var neighbours = r.ReadBoolean() ? Neighbours.Read(r) : null;
        if (neighbours is not null && neighbours.Width != members.Short.Components + 1)
            throw new InvalidDataException($"The joint model's neighbours have {neighbours.Width} coordinates where its components give {members.Short.Components + 1}; discard it and train anew.");
        var neighbourTail = RowTail.Read(r);
        var forest = r.ReadBoolean() ? EnergyForest.Read(r) : null;
        return new JointModel(members, tails, neighbours, neighbourTail, forest, RowTail.Read(r));
    }
}

/// <summary>The tail of an energy of whole rows, and what its rarity counts.</summary>
sealed record RowTail(EnergyTail Tail, float Weight)
{
    public float PartOf(float energy) => Weight * Tail.RarityOf(energy);

    public void Write(BinaryWriter w)
    {
        Tail.Write(w);
        w.Write(Weight);
    }

    public static RowTail Read(BinaryReader r) => new(EnergyTail.Read(r), r.ReadFloats(1)[0]);
}
