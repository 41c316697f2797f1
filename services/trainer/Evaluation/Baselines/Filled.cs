namespace Forewarn.Trainer;

/// <summary>Puts the last known value where one is missing: the baselines know no gaps.</summary>
sealed class Filled(int columns)
{
    readonly double[] _last = new double[columns];

    public ReadOnlySpan<double> Take(ReadOnlySpan<double> values)
    {
        for (var i = 0; i < _last.Length; i++)
            _last[i] = double.IsFinite(values[i]) ? values[i] : _last[i];
        return _last;
    }
}
