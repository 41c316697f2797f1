namespace DevSidecar.DurableLog;

/// <summary>A growing ring: add at the end, drop at the front, read by index.</summary>
sealed class RecordRing
{
    LogRecord?[] _items = new LogRecord?[16];
    int _head;

    public int Count { get; private set; }

    public LogRecord this[int index] => _items[(_head + index) & (_items.Length - 1)]!;

    public void Add(LogRecord record)
    {
        if (Count == _items.Length)
        {
            var larger = new LogRecord?[_items.Length * 2];
            for (var i = 0; i < Count; i++)
            {
                larger[i] = this[i];
            }

            _items = larger;
            _head = 0;
        }

        _items[(_head + Count) & (_items.Length - 1)] = record;
        Count++;
    }

    public LogRecord DropFirst()
    {
        var first = _items[_head]!;
        _items[_head] = null;
        _head = (_head + 1) & (_items.Length - 1);
        Count--;
        return first;
    }
}
