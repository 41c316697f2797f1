namespace Forewarn.Analytics;

/// <summary>A trained joint model.</summary>
/// <param name="Model">The model of the group.</param>
/// <param name="Scalings">Of each entity, in the order given.</param>
/// <param name="Scores">Of the training rows, in order: what is ordinary.</param>
public sealed record TrainedJoint(JointModel Model, IReadOnlyList<JointScaling> Scalings, float[] Scores);

/// <summary>Trains a <see cref="JointModel"/>, on one thread: the same rows and seed give the same bytes.</summary>
public sealed class JointTraining
{
    /// <summary>Rows at the beginning of a stretch of time that are no training rows: windows are filling.</summary>
    public const int Settling = 60;

    /// <summary>Rows, at least.</summary>
    public const int MinRows = 250;

    /// <summary>Rows, at most: thin out what is longer.</summary>
    public const int MaxRows = 200_000;

    const int Stretch = 64;

    readonly JointOptions _options;
    readonly int _metrics;
    readonly int _rows;
    readonly float[] _scaled;
    readonly bool[] _present;
    readonly List<JointScaling> _scalings = [];

    JointTraining(IReadOnlyList<float[]> entities, int metrics, JointOptions options)
    {
        (_options, _metrics) = (options, metrics);
        var width = metrics * JointRow.Count;
        foreach (var features in entities)
        {
            if (features.Length % width != 0)
                throw new ArgumentException($"Rows of {metrics} metrics are {width} features long, got {features.Length} in all.", nameof(entities));
            _rows += features.Length / width;
        }
        if (_rows is < MinRows or > MaxRows || (long)_rows * width > Array.MaxLength)
            throw new ArgumentException($"Training takes {MinRows} to {MaxRows} rows in all, and {Array.MaxLength} features at most; got {_rows} rows of {width}.", nameof(entities));
        _scaled = new float[_rows * width];
        _present = new bool[_rows * metrics];
        var at = 0;
        foreach (var features in entities)
        {
            var scaling = JointScaling.Of(features, metrics, options.LeastScale);
            _scalings.Add(scaling);
            for (var row = 0; row < features.Length / width; row++, at++)
                scaling.Apply(features.AsSpan(row * width, width), _scaled.AsSpan(at * width, width), _present.AsSpan(at * metrics, metrics));
        }
    }

    /// <summary>Trains.</summary>
    /// <param name="entities">
    /// For each entity of the group its features in order of time, row-major, as <see cref="JointRow.Gather"/> makes them, without the first
    /// <see cref="Settling"/> rows of each stretch.
    /// </param>
    /// <param name="metrics">Metrics of each row.</param>
    /// <param name="options">Shape and seed.</param>
    /// <exception cref="ArgumentException">Too few or too many rows, or a length that does not fit.</exception>
    public static TrainedJoint Run(IReadOnlyList<float[]> entities, int metrics, JointOptions options)
    {
        ArgumentNullException.ThrowIfNull(entities);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(metrics, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(metrics, JointRow.MaxMetrics);
        return new JointTraining(entities, metrics, options).Run();
    }

    TrainedJoint Run()
    {
        var members = Members();
        var workspace = new JointWorkspace(members, _metrics, Stretch);
        var width = members.Short.Components + 1;
        var (energies, coordinates) = (new float[JointMembers.PerMetric][], new float[_rows * width]);
        for (var member = 0; member < energies.Length; member++)
            energies[member] = new float[_rows * _metrics];
        for (var first = 0; first < _rows; first += Stretch)
        {
            var taken = Math.Min(Stretch, _rows - first);
            _scaled.AsSpan(first * _metrics * JointRow.Count, taken * _metrics * JointRow.Count).CopyTo(workspace.Scaled);
            members.Measure(workspace, taken);
            for (var member = 0; member < energies.Length; member++)
                workspace.Energies[member].AsSpan(0, taken * _metrics).CopyTo(energies[member].AsSpan(first * _metrics));
            for (var row = 0; row < taken; row++)
                members.Place(workspace, row, coordinates.AsSpan((first + row) * width, width));
        }
        EnergyTail[][] tails = [.. energies.Select(Tails)];
        var (neighbours, distances) = _options.NeighbourWeight == 0 ? (null, []) : Distances(coordinates, width);
        var forest = _options.ForestWeight == 0 ? null : EnergyForest.Of(energies[0], _rows, _metrics, _options.Seed);
        float[] splits = forest is null ? [] : [.. Enumerable.Range(0, _rows).Select(row => forest.Energy(energies[0].AsSpan(row * _metrics, _metrics)))];
        var model = new JointModel(members, tails, neighbours, TailOf(distances, _options.NeighbourWeight), forest, TailOf(splits, _options.ForestWeight));
        return new TrainedJoint(model, _scalings, Scores(model, energies, distances, splits));
    }

    static RowTail TailOf(float[] energies, double weight) => new(EnergyTail.Of((float[])energies.Clone()), (float)weight);

    JointMembers Members()
    {
        var all = SecondMoments.Of(_scaled, _metrics * JointRow.Count);
        var few = new double[_metrics * JointRow.ShortCount, _metrics * JointRow.ShortCount];
        for (var i = 0; i < few.GetLength(0); i++)
        {
            for (var j = 0; j < few.GetLength(0); j++)
                few[i, j] = all[Long(i), Long(j)];
        }
        var (shortValues, shortVectors) = SymmetricEigen.Of(few);
        var (longValues, longVectors) = SymmetricEigen.Of(all);
        return new JointMembers(
            ResidualEnergy.Of(shortValues, shortVectors, _options.ShortExplained),
            ResidualEnergy.Of(longValues, longVectors, _options.LongExplained),
            ConditionalEnergy.Of(shortValues, shortVectors, JointRow.ShortCount, _options.Ridge));
    }

    // Place among all features of one of the short ones.
    static int Long(int index) => (index / JointRow.ShortCount * JointRow.Count) + (index % JointRow.ShortCount);

    // Only of rows on which the metric was there.
    EnergyTail[] Tails(float[] energies)
    {
        var (tails, own) = (new EnergyTail[_metrics], new float[_rows]);
        for (var metric = 0; metric < _metrics; metric++)
        {
            var count = 0;
            for (var at = metric; at < energies.Length; at += _metrics)
            {
                if (_present[at])
                    own[count++] = energies[at];
            }
            tails[metric] = EnergyTail.Of(own.AsSpan(0, count));
        }
        return tails;
    }

    (Neighbours Neighbours, float[] Distances) Distances(float[] coordinates, int width)
    {
        var chosen = References();
        var rows = new float[chosen.Length * width];
        for (var i = 0; i < chosen.Length; i++)
            coordinates.AsSpan(chosen[i] * width, width).CopyTo(rows.AsSpan(i * width));
        var neighbours = Neighbours.Of(rows, width);
        var (distances, products) = (new float[_rows], new float[Stretch * neighbours.Stride]);
        var (start, end) = (0, 0);
        for (var first = 0; first < _rows; first += Stretch)
        {
            var taken = Math.Min(Stretch, _rows - first);
            neighbours.Multiply(coordinates.AsSpan(first * width), taken, products);
            for (var row = first; row < first + taken; row++)
            {
                while (start < chosen.Length && chosen[start] <= row - _options.Apart)
                    start++;
                while (end < chosen.Length && chosen[end] < row + _options.Apart)
                    end++;
                distances[row] = neighbours.Energy(coordinates.AsSpan(row * width, width), products.AsSpan((row - first) * neighbours.Stride, neighbours.Stride), start..end);
            }
        }
        return (neighbours, distances);
    }

    // One of each of so many equal stretches: no part of the past is left out.
    int[] References()
    {
        var random = new SeededRandom(_options.Seed);
        var count = Math.Min(_options.References, _rows);
        return [.. Enumerable.Range(0, count).Select(i => (int)Math.Min(_rows - 1, (i + random.NextDouble()) * _rows / count))];
    }

    float[] Scores(JointModel model, float[][] energies, float[] distances, float[] splits)
    {
        var scores = new float[_rows];
        Span<float> own = stackalloc float[JointMembers.PerMetric];
        for (var row = 0; row < _rows; row++)
        {
            var (sum, there) = (0f, 0);
            for (var metric = 0; metric < _metrics; metric++)
            {
                var at = (row * _metrics) + metric;
                if (!_present[at])
                    continue;
                for (var member = 0; member < own.Length; member++)
                    own[member] = energies[member][at];
                sum += model.RarityOf(metric, own);
                there++;
            }
            if (there == 0)
                continue;
            scores[row] = sum / there;
            if (distances.Length > 0)
                scores[row] += model.NeighbourPart(distances[row]);
            if (splits.Length > 0)
                scores[row] += model.ForestPart(splits[row]);
        }
        return scores;
    }
}
