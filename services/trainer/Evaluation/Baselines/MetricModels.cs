namespace Forewarn.Trainer;

/// <summary>The models that <see cref="KMeansConsensus"/> keeps of one metric.</summary>
sealed class MetricModels
{
    const int Lags = 6;
    const int Smoothed = 3;
    const int TrainedOn = 720;
    const int TrainEvery = 360;
    const int Kept = 9;
    const int Rounds = 10;
    const double Beyond = 0.99;

    readonly double[] _raw = new double[Smoothed + 1];
    readonly double[] _window = new double[Lags];
    readonly Queue<double[]> _seen = new();
    readonly Queue<(double[] First, double[] Second, double Limit)> _models = new();
    int _taken;

    /// <summary>Distance to the nearest centre in units of what is usual, by the model that finds it nearest: beyond 1 all agree.</summary>
    public double Take(double value)
    {
        Array.Copy(_raw, 1, _raw, 0, Smoothed);
        _raw[Smoothed] = value;
        Array.Copy(_window, 1, _window, 0, Lags - 1);
        // The mean of three differences is a third of the difference over three.
        _window[Lags - 1] = _taken < Smoothed ? 0 : (_raw[Smoothed] - _raw[0]) / Smoothed;
        if (++_taken <= Lags + Smoothed)
            return 0;
        var nearest = double.PositiveInfinity;
        foreach (var (first, second, limit) in _models)
            nearest = Math.Min(nearest, Math.Sqrt(Math.Min(Squared(_window, first), Squared(_window, second))) / limit);
        Learn();
        return _models.Count == 0 || !double.IsFinite(nearest) ? 0 : nearest;
    }

    void Learn()
    {
        if (_seen.Count == TrainedOn)
            _seen.Dequeue();
        _seen.Enqueue([.. _window]);
        if (_taken % TrainEvery != 0)
            return;
        if (_models.Count == Kept)
            _models.Dequeue();
        _models.Enqueue(Train([.. _seen]));
    }

    // Begins with the calmest and the wildest window, so that the same rows give the same centres.
    static (double[] First, double[] Second, double Limit) Train(double[][] windows)
    {
        var centres = new[] { (double[])windows.MinBy(Norm)!.Clone(), (double[])windows.MaxBy(Norm)!.Clone() };
        for (var round = 0; round < Rounds; round++)
        {
            var sums = new[] { new double[Lags], new double[Lags] };
            var counts = new int[2];
            foreach (var window in windows)
            {
                var nearest = Squared(window, centres[0]) <= Squared(window, centres[1]) ? 0 : 1;
                counts[nearest]++;
                for (var i = 0; i < Lags; i++)
                    sums[nearest][i] += window[i];
            }
            for (var centre = 0; centre < 2; centre++)
            {
                for (var i = 0; i < Lags && counts[centre] > 0; i++)
                    centres[centre][i] = sums[centre][i] / counts[centre];
            }
        }
        var distances = windows.Select(window => Math.Sqrt(Math.Min(Squared(window, centres[0]), Squared(window, centres[1]))));
        return (centres[0], centres[1], Math.Max(1e-9, Quantiles.Of(distances, Beyond)));
    }

    static double Norm(double[] window) => Squared(window, new double[Lags]);

    static double Squared(double[] a, double[] b)
    {
        double sum = 0;
        for (var i = 0; i < Lags; i++)
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        return sum;
    }
}
