namespace Forewarn.Gateway.Status;

/// <summary>Events per second over the last ten whole seconds.</summary>
sealed class RateWindow(TimeProvider time)
{
    const int Seconds = 10;

    readonly Lock _gate = new();
    readonly long[] _second = new long[Seconds + 1];
    readonly long[] _count = new long[Seconds + 1];
    long _first;

    public void Add(long count)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var slot = now % _second.Length;
        lock (_gate)
        {
            if (_first == 0)
                _first = now;
            if (_second[slot] != now)
            {
                _second[slot] = now;
                _count[slot] = 0;
            }
            _count[slot] += count;
        }
    }

    public double Read()
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        lock (_gate)
        {
            var sum = 0L;
            for (var slot = 0; slot < _second.Length; slot++)
            {
                // The current second is not over yet and would make the rate look low.
                if (_second[slot] < now && _second[slot] >= now - Seconds)
                    sum += _count[slot];
            }
            var seconds = Math.Clamp(now - _first, 1, Seconds);
            return (double)sum / seconds;
        }
    }
}
