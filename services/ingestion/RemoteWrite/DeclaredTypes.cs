using System.Collections.Concurrent;

namespace Forewarn.Ingestion;

/// <summary>
/// What senders of remote write 1.0 said of their metrics, in messages of their own: type and unit by the name of the family. What was
/// said first stays, so that two exporters that differ do not change each other's series all the time. Thread-safe.
/// </summary>
sealed class DeclaredTypes
{
    const int MostFamilies = 50_000;

    readonly ConcurrentDictionary<string, (PromType Type, string Unit)> _families = new(StringComparer.Ordinal);

    /// <summary>Remembers a declaration; false when it says nothing new.</summary>
    public bool Declare(string family, PromType type, string unit) =>
        type != PromType.Unknown && family.Length is > 0 and <= Names.MaxName && _families.Count < MostFamilies
        && _families.TryAdd(family, (type, unit.Length <= Names.MaxUnit ? unit : ""));

    /// <summary>What is known of the family of a sample: the text format's counters are declared with <c>_total</c>, OpenMetrics' without.</summary>
    public (PromType Type, string Unit) Of(string name)
    {
        if (_families.TryGetValue(name, out var own))
            return own;
        return _families.TryGetValue(PromNames.Family(name), out var family) ? family : (PromType.Unknown, "");
    }
}
