using System.Buffers;
using System.Globalization;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Incidents;

/// <summary>What makes two detections the same incident: entity and cause. Also the actor's id.</summary>
public static class Fingerprint
{
    const int Length = 16;
    static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    public static string Of(Detection detection) => ContentHash.Of($"{detection.Entity}\n{detection.Cause}");

    /// <summary>An occurrence: the fingerprint and the event time at which it began, so that a repeat gives the same id.</summary>
    public static string IncidentId(string fingerprint, long startedAt) =>
        string.Create(CultureInfo.InvariantCulture, $"{fingerprint}-{startedAt:x}");

    /// <summary>The fingerprint inside an incident id; null when the id has another form.</summary>
    public static string? FromIncidentId(string id)
    {
        var dash = id.IndexOf('-', StringComparison.Ordinal);
        return dash == Length && id.AsSpan(0, dash).IndexOfAnyExcept(HexDigits) < 0 ? id[..dash] : null;
    }
}
