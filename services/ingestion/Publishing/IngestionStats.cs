namespace Forewarn.Ingestion;

/// <summary>What passes through, for <c>GET /v1/stats</c>, readiness and the counters.</summary>
sealed class IngestionStats(Telemetry telemetry, TimeProvider time)
{
    const int WindowSeconds = 10;

    readonly long[] _perSecond = new long[WindowSeconds + 1];
    readonly long[] _second = new long[WindowSeconds + 1];
    readonly Lock _gate = new();
    string? _failure;
    long _samples;
    long _batches;

    public long Samples => Interlocked.Read(ref _samples);
    public long Batches => Interlocked.Read(ref _batches);

    /// <summary>Why the newest attempt to publish failed; null when it did not.</summary>
    public string? Failure => Volatile.Read(ref _failure);

    public void Accepted(string source, int samples)
    {
        telemetry.Accepted(source, samples);
        Volatile.Write(ref _failure, null);
        Interlocked.Increment(ref _batches);
        Interlocked.Add(ref _samples, samples);
        var second = time.GetUtcNow().ToUnixTimeSeconds();
        var slot = (int)(second % _perSecond.Length);
        lock (_gate)
        {
            if (_second[slot] != second)
                (_second[slot], _perSecond[slot]) = (second, 0);
            _perSecond[slot] += samples;
        }
    }

    public void Failed(string reason) => Volatile.Write(ref _failure, reason);

    /// <summary>Samples per second over the last ten whole seconds.</summary>
    public double SamplesPerSecond()
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var sum = 0L;
        lock (_gate)
        {
            for (var slot = 0; slot < _perSecond.Length; slot++)
            {
                if (_second[slot] >= now - WindowSeconds && _second[slot] < now)
                    sum += _perSecond[slot];
            }
        }
        return (double)sum / WindowSeconds;
    }
}
