namespace DevSidecar.PubSub.Kafka;

/// <summary>
/// What the client says is wrong with the brokers. It says so at every attempt to connect; the log gets each reason once in a
/// while, and callers get the latest one, because their own error only tells that nobody answered.
/// </summary>
sealed class KafkaTrouble(string brokers, TimeProvider time, ILogger logger)
{
    static readonly TimeSpan Repeat = TimeSpan.FromSeconds(30);
    static readonly TimeSpan Relevant = TimeSpan.FromSeconds(30);

    /// <summary>What changes from attempt to attempt: "(after 3ms in state CONNECT)".</summary>
    const string Variable = " (after ";

    const int MostReasons = 100;

    readonly Lock _lock = new();
    readonly Dictionary<string, long> _told = new(StringComparer.Ordinal);
    (string Reason, long At)? _latest;

    /// <summary>Why connections fail at present, as a clause to append; empty when nothing is known.</summary>
    public string Clause
    {
        get
        {
            lock (_lock)
            {
                return _latest is var (reason, at) && time.GetElapsedTime(at) < Relevant ? $" ({reason})" : "";
            }
        }
    }

    public void Report(string reason)
    {
        var cut = reason.IndexOf(Variable, StringComparison.Ordinal);
        var kind = cut < 0 ? reason : reason[..cut];
        lock (_lock)
        {
            var now = time.GetTimestamp();
            // "brokers are down" follows every failed connection and says less than its reason.
            if (!kind.EndsWith("brokers are down", StringComparison.Ordinal) || _latest is null)
            {
                _latest = (kind, now);
            }

            if (_told.TryGetValue(kind, out var at) && time.GetElapsedTime(at) < Repeat)
            {
                return;
            }

            if (_told.Count >= MostReasons)
            {
                _told.Clear();
            }

            _told[kind] = now;
        }

        Log.KafkaTrouble(logger, brokers, kind);
    }
}
