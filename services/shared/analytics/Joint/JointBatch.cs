namespace Forewarn.Analytics;

/// <summary>
/// Scores up to <see cref="Capacity"/> rows of one model together, of one entity or of many; a row gets the same score
/// in any company. Reuse it: nothing is allocated after construction. Not thread-safe.
/// </summary>
public sealed class JointBatch
{
    readonly JointModel _model;
    readonly JointWorkspace _workspace;
    readonly JointScaling[] _scalings;
    readonly bool[] _present;
    readonly float[] _contributions;
    readonly float[] _scores;
    readonly float[] _coordinates;
    readonly float[] _products;

    /// <param name="model">What judges.</param>
    /// <param name="capacity">Rows, 1 to 1,024; 64 is where more no longer pays.</param>
    public JointBatch(JointModel model, int capacity = 64)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, 1024);
        (_model, Capacity) = (model, capacity);
        _workspace = new JointWorkspace(model.Members, model.Metrics, capacity);
        _scalings = new JointScaling[capacity];
        _present = new bool[capacity * model.Metrics];
        _contributions = new float[capacity * model.Metrics];
        _scores = new float[capacity];
        _coordinates = new float[capacity * (model.Neighbours?.Width ?? 0)];
        _products = new float[capacity * (model.Neighbours?.Stride ?? 0)];
    }

    public int Capacity { get; }

    /// <summary>Rows added since it was cleared.</summary>
    public int Count { get; private set; }

    public void Clear() => Count = 0;

    /// <summary>Adds a row.</summary>
    /// <param name="features">As <see cref="JointRow.Gather"/> makes them.</param>
    /// <param name="scaling">That of the row's entity.</param>
    /// <returns>Its number, for the answers.</returns>
    /// <exception cref="InvalidOperationException">The batch is full.</exception>
    public int Add(ReadOnlySpan<float> features, JointScaling scaling)
    {
        ArgumentNullException.ThrowIfNull(scaling);
        var width = _model.Metrics * JointRow.Count;
        if (features.Length != width || scaling.Metrics != _model.Metrics)
            throw new ArgumentException($"The model reads {_model.Metrics} metrics: {width} features, got {features.Length} and a scaling of {scaling.Metrics} metrics.", nameof(features));
        if (Count == Capacity)
            throw new InvalidOperationException($"The batch holds {Capacity} rows: score and clear it before adding more.");
        scaling.Apply(features, _workspace.Scaled.AsSpan(Count * width, width), _present.AsSpan(Count * _model.Metrics, _model.Metrics));
        _scalings[Count] = scaling;
        return Count++;
    }

    /// <summary>Adds a row that is scaled already.</summary>
    internal void AddScaled(ReadOnlySpan<float> scaled, ReadOnlySpan<bool> present, JointScaling scaling)
    {
        scaled.CopyTo(_workspace.Scaled.AsSpan(Count * scaled.Length));
        present.CopyTo(_present.AsSpan(Count * present.Length));
        _scalings[Count++] = scaling;
    }

    /// <summary>Scores all rows added.</summary>
    public void Score()
    {
        _model.Members.Measure(_workspace, Count);
        Span<float> energies = stackalloc float[JointMembers.PerMetric];
        for (var row = 0; row < Count; row++)
        {
            var (sum, there) = (0f, 0);
            for (var metric = 0; metric < _model.Metrics; metric++)
            {
                var at = (row * _model.Metrics) + metric;
                for (var member = 0; member < energies.Length; member++)
                    energies[member] = _workspace.Energies[member][at];
                _contributions[at] = _present[at] ? _model.RarityOf(metric, energies) : 0;
                sum += _contributions[at];
                there += _present[at] ? 1 : 0;
            }
            _scores[row] = there == 0 ? 0 : sum / there;
            for (var metric = 0; metric < _model.Metrics && there > 0; metric++)
                _contributions[(row * _model.Metrics) + metric] /= there;
        }
        if (_model.Neighbours is { } neighbours)
            AddNeighbours(neighbours);
        for (var row = 0; row < Count && _model.Forest is not null; row++)
            _scores[row] += _model.ForestPart(_model.Forest.Energy(_workspace.Energies[0].AsSpan(row * _model.Metrics, _model.Metrics)));
        for (var row = 0; row < Count; row++)
        {
            // A row of nothing says nothing.
            if (!_present.AsSpan(row * _model.Metrics, _model.Metrics).Contains(true))
                _scores[row] = 0;
        }
    }

    /// <summary>Score of a row.</summary>
    public float ScoreOf(int row) => _scores[Checked(row)];

    /// <summary>What each metric added to a row's score; the rest of it is the neighbours' and the forest's.</summary>
    public ReadOnlySpan<float> ContributionsOf(int row) => _contributions.AsSpan(Checked(row) * _model.Metrics, _model.Metrics);

    /// <summary>The value that all metrics together let expect of one, in its own unit; NaN of one that training did not know.</summary>
    public double ExpectedOf(int row, int metric) => _scalings[Checked(row)].ValueOf(metric, ScaledExpectedOf(row, metric));

    /// <summary>The same as it is scaled.</summary>
    internal float ScaledExpectedOf(int row, int metric)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(metric);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(metric, _model.Metrics);
        return _workspace.Expected[(Checked(row) * _model.Members.Short.RestoredStride) + (metric * JointRow.ShortCount)];
    }

    int Checked(int row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Count);
        return row;
    }

    void AddNeighbours(Neighbours neighbours)
    {
        var width = neighbours.Width;
        for (var row = 0; row < Count; row++)
            _model.Members.Place(_workspace, row, _coordinates.AsSpan(row * width, width));
        neighbours.Multiply(_coordinates, Count, _products);
        for (var row = 0; row < Count; row++)
        {
            var energy = neighbours.Energy(_coordinates.AsSpan(row * width, width), _products.AsSpan(row * neighbours.Stride, neighbours.Stride), ..0);
            _scores[row] += _model.NeighbourPart(energy);
        }
    }
}
