namespace Forewarn.Analytics;

/// <summary>
/// Dense layers while they learn, in float64: softsign between them, the last one linear, squared error against the input
/// itself. All parameters lie in one array, layer after layer, weights before biases.
/// </summary>
/// <remarks>One row after the other and input after input: every sum has one order, so training repeats bit for bit.</remarks>
sealed class Network
{
    readonly int[] _widths;
    readonly double[][] _values;
    readonly double[][] _slopes;

    /// <param name="widths">Entries of a row first and last, units of the layers between them.</param>
    /// <param name="random">Draws the first weights.</param>
    public Network(int[] widths, SeededRandom random)
    {
        _widths = widths;
        _values = [.. widths.Select(width => new double[width])];
        _slopes = [.. widths.Select(width => new double[width])];
        var count = 0;
        for (var layer = 1; layer < widths.Length; layer++)
        {
            count += (widths[layer - 1] + 1) * widths[layer];
        }

        Parameters = new double[count];
        Gradient = new double[count];
        Initialise(random);
    }

    public double[] Parameters { get; }

    /// <summary>What <see cref="Learn"/> added up since it was last cleared.</summary>
    public double[] Gradient { get; }

    /// <summary>Mean squared error of the reconstruction.</summary>
    public double Loss(ReadOnlySpan<double> row)
    {
        Forward(row);
        double squares = 0;
        for (var i = 0; i < row.Length; i++)
        {
            var error = _values[^1][i] - row[i];
            squares += error * error;
        }

        return squares / row.Length;
    }

    /// <summary>Adds the gradient of <see cref="Loss"/> at this row to <see cref="Gradient"/>.</summary>
    public void Learn(ReadOnlySpan<double> row)
    {
        Forward(row);
        for (var i = 0; i < row.Length; i++)
        {
            _slopes[^1][i] = 2 * (_values[^1][i] - row[i]) / row.Length;
        }

        var at = Parameters.Length;
        for (var layer = _widths.Length - 1; layer > 0; layer--)
        {
            at -= (_widths[layer - 1] + 1) * _widths[layer];
            Backward(layer, at);
        }
    }

    /// <summary>The layers as they are now, in float32.</summary>
    public DenseLayer[] ToLayers()
    {
        var layers = new DenseLayer[_widths.Length - 1];
        var at = 0;
        for (var layer = 1; layer < _widths.Length; layer++)
        {
            var weights = _widths[layer - 1] * _widths[layer];
            layers[layer - 1] = new DenseLayer(Narrow(at, weights), Narrow(at + weights, _widths[layer]));
            at += weights + _widths[layer];
        }

        return layers;
    }

    // Glorot, Bengio 2010: signals and gradients keep their size from layer to layer. Biases start at zero.
    void Initialise(SeededRandom random)
    {
        var at = 0;
        for (var layer = 1; layer < _widths.Length; layer++)
        {
            var (inputs, outputs) = (_widths[layer - 1], _widths[layer]);
            var bound = Math.Sqrt(6.0 / (inputs + outputs));
            for (var i = 0; i < inputs * outputs; i++)
            {
                Parameters[at + i] = random.Between(-bound, bound);
            }

            at += (inputs + 1) * outputs;
        }
    }

    void Forward(ReadOnlySpan<double> row)
    {
        row.CopyTo(_values[0]);
        var at = 0;
        for (var layer = 1; layer < _widths.Length; layer++)
        {
            var (input, output) = (_values[layer - 1], _values[layer]);
            Parameters.AsSpan(at + (input.Length * output.Length), output.Length).CopyTo(output);
            for (var i = 0; i < input.Length; i++)
            {
                AddScaled(Parameters.AsSpan(at + (i * output.Length), output.Length), input[i], output);
            }

            at += (input.Length + 1) * output.Length;
            if (layer == _widths.Length - 1)
            {
                return;
            }

            for (var o = 0; o < output.Length; o++)
            {
                output[o] = RowScaling.Softsign(output[o]);
            }
        }
    }

    void Backward(int layer, int at)
    {
        var (input, slopes) = (_values[layer - 1], _slopes[layer]);
        for (var i = 0; i < input.Length; i++)
        {
            AddScaled(slopes, input[i], Gradient.AsSpan(at + (i * slopes.Length), slopes.Length));
            if (layer == 1)
            {
                continue;
            }

            double sum = 0;
            var weights = Parameters.AsSpan(at + (i * slopes.Length), slopes.Length);
            for (var o = 0; o < slopes.Length; o++)
            {
                sum += weights[o] * slopes[o];
            }

            // d softsign(x) / dx = 1 / (1 + |x|)^2 = (1 - |softsign(x)|)^2
            var flat = 1 - Math.Abs(input[i]);
            _slopes[layer - 1][i] = sum * flat * flat;
        }

        AddScaled(slopes, 1, Gradient.AsSpan(at + (input.Length * slopes.Length), slopes.Length));
    }

    static void AddScaled(ReadOnlySpan<double> source, double factor, Span<double> target)
    {
        for (var i = 0; i < source.Length; i++)
        {
            target[i] += factor * source[i];
        }
    }

    float[] Narrow(int start, int count)
    {
        var narrow = new float[count];
        for (var i = 0; i < count; i++)
        {
            narrow[i] = (float)Parameters[start + i];
        }

        return narrow;
    }
}
