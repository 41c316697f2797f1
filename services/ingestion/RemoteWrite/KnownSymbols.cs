namespace Forewarn.Ingestion;

/// <summary>
/// A number for each text that requests of remote write 2.0 have in their tables: a series is named by a few numbers, which are sooner copied, hashed and
/// compared than all the bytes of its labels. Thread-safe.
/// </summary>
/// <param name="capacity">As of <see cref="SeriesCache{T}"/>.</param>
sealed class KnownSymbols(int capacity)
{
    /// <summary>Longer texts have another number each time, so that they cannot fill the memory.</summary>
    public const int Longest = 1_024;

    readonly SeriesCache<Symbol> _symbols = new(capacity);
    long _last;

    /// <summary>The number of a text. One that was forgotten gets another, and never that of a different text.</summary>
    public long NumberOf(ReadOnlySpan<byte> text)
    {
        if (text.Length <= Longest && _symbols.TryGet(text, out var known))
            return known.Number;
        var made = new Symbol(Interlocked.Increment(ref _last));
        if (text.Length > Longest)
            return made.Number;
        _symbols.Add(text, made);
        // Another thread may have been first.
        return _symbols.TryGet(text, out known) ? known.Number : made.Number;
    }

    sealed record Symbol(long Number);
}
