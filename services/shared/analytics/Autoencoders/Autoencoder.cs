namespace Forewarn.Analytics;

/// <summary>
/// Autoencoder: dense layers squeeze a row through a bottleneck and restore it (Hinton, Salakhutdinov 2006). What goes
/// together in ordinary rows survives; a combination that never occurred comes back wrong, however ordinary each of its
/// values is. Score = e / (e + usual error), where e is the root mean square of what came back wrong: in [0, 1), 0.5 is
/// ordinary, towards 1 is anomalous. Immutable and thread-safe.
/// </summary>
/// <remarks>
/// Bounded and with its middle at 0.5 like the forest's score, so that calibration and thresholds read both alike; and a
/// ratio rather than an exponential, because that keeps the tail in sight: four times the usual error is 0.8, forty times
/// 0.98. Only +, -, x, / and square root are used: the same rows train to the same bytes on every machine.
/// </remarks>
public sealed class Autoencoder
{
    /// <summary>Units of a layer, at most; keeps scoring on the stack.</summary>
    public const int MaxWidth = 512;

    /// <summary>Below a tenth of a standard deviation, rounding in float32 would show in the score.</summary>
    const float LeastUsualError = 0.1f;

    readonly DenseLayer[] _layers;
    readonly int _widest;

    public Autoencoder(RowScaling scaling, IReadOnlyList<DenseLayer> layers, float usualError, int epochs = 0)
    {
        ArgumentNullException.ThrowIfNull(scaling);
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentOutOfRangeException.ThrowIfZero(layers.Count, nameof(layers));
        if (layers[0].Inputs != scaling.Features || layers[^1].Outputs != scaling.Features)
        {
            throw new ArgumentException($"Rows of {scaling.Features} enter {layers[0].Inputs} inputs and leave as {layers[^1].Outputs}.", nameof(layers));
        }

        _layers = [.. layers];
        _widest = Math.Max(scaling.Features, _layers.Max(layer => layer.Outputs));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_widest, MaxWidth, nameof(layers));
        Scaling = scaling;
        UsualError = Math.Max(usualError, LeastUsualError);
        Epochs = epochs;
    }

    public RowScaling Scaling { get; }

    public IReadOnlyList<DenseLayer> Layers => _layers;

    /// <summary>Median error of ordinary rows, in standard deviations; what scores 0.5.</summary>
    public float UsualError { get; }

    /// <summary>Passes over the rows that training took.</summary>
    public int Epochs { get; }

    /// <summary>Length of a row.</summary>
    public int Features => Scaling.Features;

    /// <summary>Trains an autoencoder on one thread.</summary>
    /// <param name="rows">
    /// Row-major, <paramref name="rowCount"/> x <paramref name="features"/>, finite. The last ones are held out: where
    /// neighbours resemble each other, shuffle whole stretches before, not rows.
    /// </param>
    /// <param name="rowCount">At least 20.</param>
    /// <param name="features">Length of a row.</param>
    /// <param name="options">Shape, length and seed.</param>
    /// <param name="epochEnded">Told the passes made so far.</param>
    /// <exception cref="ArgumentException">Too few rows, wrong length, a value that is not finite, or no bottleneck.</exception>
    public static Autoencoder Train(ReadOnlySpan<float> rows, int rowCount, int features, AutoencoderOptions options, Action<int>? epochEnded = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(rowCount, 20);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(features, MaxWidth);
        if (options.Bottleneck >= features)
        {
            throw new ArgumentException($"Rows of {features} features pass a bottleneck of {options.Bottleneck} as they are: nothing has to be learned.", nameof(options));
        }

        if (rows.Length != (long)rowCount * features)
        {
            throw new ArgumentException($"{rowCount} rows of {features} features are {(long)rowCount * features} numbers, got {rows.Length}.", nameof(rows));
        }

        foreach (var value in rows)
        {
            if (!float.IsFinite(value))
            {
                throw new ArgumentException("Every feature must be finite: impute or drop rows with NaN or infinity before training.", nameof(rows));
            }
        }

        return new AutoencoderTraining(rows, rowCount, features, options).Run(rows, epochEnded);
    }

    public float Score(ReadOnlySpan<float> row)
    {
        var error = Error(row);
        return error / (error + UsualError);
    }

    /// <summary>Root mean square of what comes back wrong, in standard deviations of the training rows.</summary>
    public float Error(ReadOnlySpan<float> row)
    {
        if (row.Length < Features)
        {
            throw new ArgumentException($"The autoencoder reads {Features} features, the row has {row.Length}.", nameof(row));
        }

        Span<float> scaled = stackalloc float[Features];
        Span<float> input = stackalloc float[_widest];
        Span<float> output = stackalloc float[_widest];
        Scaling.Apply(row, scaled);
        scaled.CopyTo(input);
        for (var layer = 0; layer < _layers.Length; layer++)
        {
            var learned = _layers[layer];
            var values = output[..learned.Outputs];
            learned.Apply(input[..learned.Inputs], values);
            if (layer < _layers.Length - 1)
            {
                foreach (ref var value in values)
                {
                    value = RowScaling.Softsign(value);
                }
            }

            var done = input;
            input = output;
            output = done;
        }

        var squares = 0f;
        for (var i = 0; i < scaled.Length; i++)
        {
            var wrong = scaled[i] - input[i];
            squares += wrong * wrong;
        }

        return MathF.Sqrt(squares / Features);
    }
}
