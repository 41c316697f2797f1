namespace Forewarn.Analytics;

/// <summary>
/// Adam with the constants of its paper (Kingma, Ba: Adam, a method for stochastic optimization, ICLR 2015, algorithm 1):
/// every parameter moves by a step of about the learning rate, whatever the size of its gradient.
/// </summary>
sealed class Adam(int parameters, double learningRate)
{
    const double Beta1 = 0.9;
    const double Beta2 = 0.999;
    const double Epsilon = 1e-8;

    readonly double[] _mean = new double[parameters];
    readonly double[] _square = new double[parameters];
    double _decay1 = 1;
    double _decay2 = 1;

    /// <param name="values">Parameters, moved in place.</param>
    /// <param name="gradient">Sum of the gradients of a batch.</param>
    /// <param name="count">Rows of the batch.</param>
    public void Step(Span<double> values, ReadOnlySpan<double> gradient, int count)
    {
        _decay1 *= Beta1;
        _decay2 *= Beta2;
        for (var i = 0; i < values.Length; i++)
        {
            var slope = gradient[i] / count;
            _mean[i] = (Beta1 * _mean[i]) + ((1 - Beta1) * slope);
            _square[i] = (Beta2 * _square[i]) + ((1 - Beta2) * slope * slope);
            values[i] -= learningRate * (_mean[i] / (1 - _decay1)) / (Math.Sqrt(_square[i] / (1 - _decay2)) + Epsilon);
        }
    }
}
