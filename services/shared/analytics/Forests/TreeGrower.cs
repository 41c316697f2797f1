namespace Forewarn.Analytics;

/// <summary>Grows one isolation tree from a random sample of rows; depth ends at ceil(log2(sample)).</summary>
sealed class TreeGrower
{
    readonly int _features;
    readonly SeededRandom _random;
    readonly float[] _sample;
    readonly int[] _rows;
    readonly int[] _candidates;
    readonly int _maxDepth;
    readonly ForestTree _tree;
    int _nodes;

    public TreeGrower(int features, int sampleSize, SeededRandom random)
    {
        _features = features;
        _random = random;
        _sample = new float[sampleSize * features];
        _rows = new int[sampleSize];
        _candidates = new int[features];
        _maxDepth = (int)Math.Ceiling(Math.Log2(sampleSize));
        var most = (2 * sampleSize) - 1;
        _tree = new ForestTree(new int[most], new float[most], new int[most], new int[most], new float[most]);
    }

    public ForestTree Grow(float[] data, int rowCount, ForestOptions options)
    {
        Draw(data, rowCount);
        Stretch((int)Math.Round(options.Stretched * _rows.Length), Math.Log(options.StretchFactor));
        for (var i = 0; i < _rows.Length; i++)
        {
            _rows[i] = i;
        }

        Node(_rows, depth: 0);
        return new ForestTree(
            _tree.Feature[.._nodes], _tree.Threshold[.._nodes], _tree.Left[.._nodes], _tree.Right[.._nodes], _tree.PathLength[.._nodes]);
    }

    // Floyd's algorithm: distinct rows without shuffling all of them.
    void Draw(float[] data, int rowCount)
    {
        var chosen = new HashSet<int>(_rows.Length);
        for (var limit = rowCount - _rows.Length; limit < rowCount; limit++)
        {
            var pick = _random.NextInt(limit + 1);
            pick = chosen.Contains(pick) ? limit : pick;
            Array.Copy(data, pick * _features, _sample, chosen.Count * _features, _features);
            chosen.Add(pick);
        }
    }

    void Stretch(int count, double logFactor)
    {
        Span<double> centre = new double[_features];
        for (var i = 0; i < _sample.Length; i++)
        {
            centre[i % _features] += _sample[i] / (double)_rows.Length;
        }

        for (var i = 0; i < count; i++)
        {
            var row = _sample.AsSpan(_random.NextInt(_rows.Length) * _features, _features);
            var factor = Math.Exp(logFactor * _random.NextDouble());
            for (var feature = 0; feature < _features; feature++)
            {
                row[feature] = (float)(centre[feature] + (factor * (row[feature] - centre[feature])));
            }
        }
    }

    int Node(Span<int> rows, int depth)
    {
        var node = _nodes++;
        if (rows.Length <= 1 || depth >= _maxDepth || !TrySplit(rows, out var feature, out var threshold))
        {
            (_tree.Feature[node], _tree.Left[node], _tree.Right[node]) = (-1, -1, -1);
            _tree.PathLength[node] = (float)(depth + IsolationForest.AveragePathLength(rows.Length));
            return node;
        }

        var left = Partition(rows, feature, threshold);
        _tree.Feature[node] = feature;
        _tree.Threshold[node] = threshold;
        _tree.Left[node] = Node(rows[..left], depth + 1);
        _tree.Right[node] = Node(rows[left..], depth + 1);
        return node;
    }

    // Features are tried in random order until one is not constant here: a uniform choice among those that can split.
    bool TrySplit(ReadOnlySpan<int> rows, out int feature, out float threshold)
    {
        for (var i = 0; i < _features; i++)
        {
            _candidates[i] = i;
        }

        for (var remaining = _features; remaining > 0; remaining--)
        {
            var pick = _random.NextInt(remaining);
            feature = _candidates[pick];
            _candidates[pick] = _candidates[remaining - 1];
            var (min, max) = Range(rows, feature);
            if (min < max)
            {
                // Rounding must not push the threshold up to max: the right side would be empty.
                threshold = (float)_random.Between(min, max);
                threshold = threshold < max ? threshold : MathF.BitDecrement(max);
                return true;
            }
        }

        feature = -1;
        threshold = 0;
        return false;
    }

    (float Min, float Max) Range(ReadOnlySpan<int> rows, int feature)
    {
        float min = float.MaxValue, max = float.MinValue;
        foreach (var row in rows)
        {
            var value = _sample[(row * _features) + feature];
            min = Math.Min(min, value);
            max = Math.Max(max, value);
        }

        return (min, max);
    }

    int Partition(Span<int> rows, int feature, float threshold)
    {
        var left = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            if (_sample[(rows[i] * _features) + feature] <= threshold)
            {
                (rows[left], rows[i]) = (rows[i], rows[left]);
                left++;
            }
        }

        return left;
    }
}
