using System.Numerics;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Incidents;

/// <summary>
/// The fingerprints of an incident: exactly, with the time of the newest detection of each, up to <see cref="MostKnown"/>;
/// beyond only how many, within about a hundredth, by linear counting (Whang, Vander-Zanden, Taylor: A linear-time
/// probabilistic counting algorithm for database applications, 1990).
/// </summary>
public sealed record SeenFingerprints
{
    /// <summary>Most fingerprints known one by one.</summary>
    public const int MostKnown = 256;

    const int Bits = 1 << 16;

    public static readonly SeenFingerprints None = new();

    /// <summary>Event time of the newest detection by fingerprint.</summary>
    public IReadOnlyDictionary<string, long> Newest { get; init; } = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>A bit for each hash; null while all are known.</summary>
    public string? Marks { get; init; }

    /// <summary>How many there are.</summary>
    public int Count => Marks is null ? Newest.Count : Estimate(Convert.FromBase64String(Marks));

    /// <summary>The detection is a repeat, or older than one that was seen.</summary>
    public bool Covers(string fingerprint, long t) => Newest.TryGetValue(fingerprint, out var newest) && t <= newest;

    /// <summary>The fingerprint is known one by one.</summary>
    public bool Knows(string fingerprint) => Newest.ContainsKey(fingerprint);

    /// <summary>Takes the newest detections of fingerprints.</summary>
    public SeenFingerprints With(IReadOnlyList<(string Fingerprint, long T)> seen)
    {
        ArgumentNullException.ThrowIfNull(seen);
        var newest = new Dictionary<string, long>(Newest, StringComparer.Ordinal);
        var marks = Marks is null ? null : Convert.FromBase64String(Marks);
        foreach (var (fingerprint, t) in seen)
        {
            if (newest.TryGetValue(fingerprint, out var known) || newest.Count < MostKnown)
                newest[fingerprint] = Math.Max(known, t);
            else
                Mark(marks ??= MarksOf(newest.Keys), fingerprint);
        }
        return new SeenFingerprints { Newest = newest, Marks = marks is null ? null : Convert.ToBase64String(marks) };
    }

    static byte[] MarksOf(IEnumerable<string> fingerprints)
    {
        var marks = new byte[Bits / 8];
        foreach (var fingerprint in fingerprints)
            Mark(marks, fingerprint);
        return marks;
    }

    static void Mark(byte[] marks, string fingerprint)
    {
        // The same in every process, and spread evenly, whatever the fingerprint looks like.
        var hash = Convert.ToUInt32(ContentHash.Of(fingerprint)[..8], 16) % Bits;
        marks[hash / 8] |= (byte)(1 << (int)(hash % 8));
    }

    static int Estimate(byte[] marks)
    {
        var empty = Bits - marks.Sum(each => BitOperations.PopCount(each));
        return (int)Math.Round(-Bits * Math.Log(Math.Max(empty, 1) / (double)Bits));
    }
}
