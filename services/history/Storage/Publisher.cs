namespace Forewarn.History.Storage;

/// <summary>
/// What a replica knows of one publisher's messages about one entity: those that are stored, and those that deliveries are
/// storing now. Guarded by the lock of its <see cref="WatermarkMemory"/>.
/// </summary>
sealed class Publisher(int entity, string producer, long watermark)
{
    readonly List<(long Low, long High, Admission By)> _pending = new(1);

    public (int Entity, string Producer) Key => (entity, producer);

    /// <summary>Number of its row in the watermarks.</summary>
    public long Watermark => watermark;

    public SequenceRanges Applied { get; } = new();

    /// <summary>When it last sent something.</summary>
    public DateTimeOffset Used { get; set; }

    /// <summary>The delivery that is storing a message now; null when none is.</summary>
    public Admission? StoredBy(long seq)
    {
        foreach (var (low, high, by) in _pending)
        {
            if (low <= seq && seq <= high)
                return by;
        }
        return null;
    }

    /// <summary>Has a delivery store a message.</summary>
    /// <returns>Whether it is the delivery's first one.</returns>
    public bool Reserve(long seq, Admission by)
    {
        var first = true;
        for (var i = 0; i < _pending.Count; i++)
        {
            if (_pending[i].By != by)
                continue;
            first = false;
            if (_pending[i].High != seq - 1)
                continue;
            _pending[i] = (_pending[i].Low, seq, by);
            return false;
        }
        _pending.Add((seq, seq, by));
        return first;
    }

    /// <summary>Adds what a delivery is storing to its list.</summary>
    public void AddRuns(Admission by, List<(long Watermark, long Low, long High)> runs)
    {
        foreach (var run in _pending)
        {
            if (run.By == by)
                runs.Add((watermark, run.Low, run.High));
        }
    }

    /// <summary>A delivery has ended.</summary>
    public void End(Admission by, bool stored)
    {
        for (var i = _pending.Count - 1; i >= 0; i--)
        {
            if (_pending[i].By != by)
                continue;
            if (stored)
                Applied.Add(_pending[i].Low, _pending[i].High);
            _pending.RemoveAt(i);
        }
    }
}
