namespace Forewarn.Trainer;

/// <summary>
/// NAB's windowed Gaussian: how far into the tail of a normal distribution, fitted to the last 6,400 values in steps of 100,
/// a value lies. Of several metrics the farthest counts, as a distance: probabilities of that many would all round to one.
/// </summary>
sealed class WindowedGaussian(StreamShape shape) : IEvaluatedDetector
{
    /// <summary>Of the tail on one side.</summary>
    const double Limit = 0.001;

    readonly GaussianWindow[] _windows = [.. Enumerable.Range(0, shape.Columns).Select(_ => new GaussianWindow())];
    readonly Filled _filled = new(shape.Columns);
    ThreeOfFive _alarm;

    public void Fit(MetricRows training)
    {
        for (var i = 0; i < training.Count; i++)
            Distance(training.Row(i), []);
    }

    public RowJudgement Take(long t, ReadOnlySpan<double> values, Span<double> contributions)
    {
        var distance = Distance(values, contributions);
        var tail = UpperTail.Of(distance);
        return new RowJudgement(shape.Columns == 1 ? 1 - tail : distance, _alarm.Take(tail < Limit));
    }

    double Distance(ReadOnlySpan<double> values, Span<double> contributions)
    {
        var filled = _filled.Take(values);
        double farthest = 0;
        for (var i = 0; i < _windows.Length; i++)
        {
            var distance = _windows[i].Take(filled[i]);
            farthest = Math.Max(farthest, distance);
            if (!contributions.IsEmpty)
                contributions[i] = distance;
        }
        return farthest;
    }

    sealed class GaussianWindow
    {
        const int Size = 6400;
        const int Step = 100;

        readonly List<double> _window = [];
        readonly List<double> _waiting = new(Step);
        double _origin;
        double _sum;
        double _squares;

        /// <summary>Standard deviations from the mean of what was seen before.</summary>
        public double Take(double value)
        {
            var distance = _window.Count == 0 ? 0 : Distance(value);
            if (_window.Count < Size)
            {
                _origin = _window.Count == 0 ? value : _origin;
                _window.Add(value);
                Add(value);
                return distance;
            }
            _waiting.Add(value);
            if (_waiting.Count < Step)
                return distance;
            _window.RemoveRange(0, Step);
            _window.AddRange(_waiting);
            _waiting.Clear();
            // From scratch, so that rounding does not pile up.
            (_origin, _sum, _squares) = (_window[0], 0, 0);
            _window.ForEach(Add);
            return distance;
        }

        double Distance(double value)
        {
            var mean = _sum / _window.Count;
            var deviation = Math.Sqrt(Math.Max(0, (_squares / _window.Count) - (mean * mean)));
            return Math.Abs(value - _origin - mean) / (deviation == 0 ? 0.000001 : deviation);
        }

        void Add(double value)
        {
            _sum += value - _origin;
            _squares += (value - _origin) * (value - _origin);
        }
    }
}
