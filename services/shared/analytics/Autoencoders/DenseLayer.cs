namespace Forewarn.Analytics;

/// <summary>A dense layer that has learned: output = input x weights + biases.</summary>
/// <param name="Weights">Row-major, one row of <see cref="Outputs"/> weights per input.</param>
/// <param name="Biases">One per output.</param>
public sealed record DenseLayer(float[] Weights, float[] Biases)
{
    public int Inputs => Weights.Length / Biases.Length;

    public int Outputs => Biases.Length;

    /// <summary>Sums input after input, so that the result does not depend on how wide a machine's vectors are.</summary>
    public void Apply(ReadOnlySpan<float> input, Span<float> output)
    {
        Biases.CopyTo(output);
        for (var i = 0; i < input.Length; i++)
        {
            var weights = Weights.AsSpan(i * output.Length, output.Length);
            for (var o = 0; o < output.Length; o++)
            {
                output[o] += input[i] * weights[o];
            }
        }
    }
}
