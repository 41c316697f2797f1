namespace Forewarn.Analytics;

/// <summary>One training: mini-batches in a seeded order, judged after every pass by rows that taught nothing.</summary>
sealed class AutoencoderTraining
{
    /// <summary>Less than this share of improvement is none.</summary>
    const double Progress = 0.001;

    readonly AutoencoderOptions _options;
    readonly int _features;
    readonly int _taught;
    readonly double[] _rows;
    readonly RowScaling _scaling;
    readonly SeededRandom _random;
    readonly Network _network;

    public AutoencoderTraining(ReadOnlySpan<float> rows, int rowCount, int features, AutoencoderOptions options)
    {
        _options = options;
        _features = features;
        _taught = rowCount - Math.Max(1, (int)(rowCount * options.HeldOut));
        _scaling = RowScaling.Of(rows[..(_taught * features)], features);
        _rows = new double[rows.Length];
        Span<float> scaled = new float[features];
        for (var at = 0; at < rows.Length; at += features)
        {
            _scaling.Apply(rows.Slice(at, features), scaled);
            for (var i = 0; i < features; i++)
            {
                _rows[at + i] = scaled[i];
            }
        }

        _random = new SeededRandom(options.Seed);
        _network = new Network([features, options.Hidden, options.Bottleneck, options.Hidden, features], _random);
    }

    /// <summary>Trains to the end.</summary>
    /// <param name="rows">The rows it was made for.</param>
    /// <param name="epochEnded">Told the passes made.</param>
    public Autoencoder Run(ReadOnlySpan<float> rows, Action<int>? epochEnded)
    {
        var order = Enumerable.Range(0, _taught).ToArray();
        var adam = new Adam(_network.Parameters.Length, _options.LearningRate);
        var best = _network.Parameters.ToArray();
        var (least, waited, epochs) = (HeldOutLoss(), 0, 0);
        while (epochs < _options.Epochs && waited < _options.Patience)
        {
            Pass(order, adam);
            epochs++;
            var loss = HeldOutLoss();
            waited = loss < least * (1 - Progress) ? 0 : waited + 1;
            if (loss < least)
            {
                least = loss;
                _network.Parameters.CopyTo(best, 0);
            }

            epochEnded?.Invoke(epochs);
        }

        best.CopyTo(_network.Parameters, 0);
        var layers = _network.ToLayers();
        return new Autoencoder(_scaling, layers, UsualError(new Autoencoder(_scaling, layers, usualError: 1), rows), epochs);
    }

    void Pass(int[] order, Adam adam)
    {
        for (var i = order.Length - 1; i > 0; i--)
        {
            var other = _random.NextInt(i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }

        for (var start = 0; start < order.Length; start += _options.BatchSize)
        {
            var batch = order.AsSpan(start, Math.Min(_options.BatchSize, order.Length - start));
            Array.Clear(_network.Gradient);
            foreach (var row in batch)
            {
                _network.Learn(Row(row));
            }

            adam.Step(_network.Parameters, _network.Gradient, batch.Length);
        }
    }

    double HeldOutLoss()
    {
        double sum = 0;
        for (var row = _taught; row < _rows.Length / _features; row++)
        {
            sum += _network.Loss(Row(row));
        }

        return sum;
    }

    // The median: a held-out row or two that nobody could have reconstructed must not make every error look usual.
    float UsualError(Autoencoder autoencoder, ReadOnlySpan<float> rows)
    {
        var errors = new float[(rows.Length / _features) - _taught];
        for (var i = 0; i < errors.Length; i++)
        {
            errors[i] = autoencoder.Error(rows.Slice((_taught + i) * _features, _features));
        }

        Array.Sort(errors);
        return errors[errors.Length / 2];
    }

    ReadOnlySpan<double> Row(int row) => _rows.AsSpan(row * _features, _features);
}
