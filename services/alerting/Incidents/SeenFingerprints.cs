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

    /// <summary>The newest detections by fingerprint.</summary>
    public IReadOnlyDictionary<string, SeenAt> Newest { get; init; } = new Dictionary<string, SeenAt>(StringComparer.Ordinal);

    /// <summary>A bit for each hash; null while all are known.</summary>
    public string? Marks { get; init; }

    /// <summary>How many there are.</summary>
    public int Count => Marks is null ? Newest.Count : Estimate(Convert.FromBase64String(Marks));

    /// <summary>The detection is a repeat, or older than one that was seen.</summary>
    public bool Covers(string fingerprint, Detection detection)
    {
        ArgumentNullException.ThrowIfNull(detection);
        return Newest.TryGetValue(fingerprint, out var newest)
            && (detection.T < newest.T || (detection.T == newest.T && newest.Ids.Contains(detection.Id)));
    }

    /// <summary>The fingerprint is known one by one.</summary>
    public bool Knows(string fingerprint) => Newest.ContainsKey(fingerprint);

    /// <summary>Takes what is new of fingerprints.</summary>
    internal SeenFingerprints With(IReadOnlyList<FoldPart> parts)
    {
        var newest = new Dictionary<string, SeenAt>(Newest, StringComparer.Ordinal);
        var marks = Marks is null ? null : Convert.FromBase64String(Marks);
        foreach (var part in parts)
        {
            if (newest.TryGetValue(part.Fingerprint, out var known) || newest.Count < MostKnown)
                newest[part.Fingerprint] = (known ?? SeenAt.Nothing).With(part.Detections);
            else
                Mark(marks ??= MarksOf(newest.Keys), part.Fingerprint);
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

/// <summary>One tick may be told of twice in different words: by whoever decides, and as a limit ahead.</summary>
/// <param name="T">Event time of the newest detections.</param>
/// <param name="Ids">Those of that time.</param>
public sealed record SeenAt(long T, IReadOnlyList<string> Ids)
{
    public static readonly SeenAt Nothing = new(long.MinValue, []);

    public SeenAt With(IReadOnlyList<Detection> detections)
    {
        ArgumentNullException.ThrowIfNull(detections);
        var t = Math.Max(T, detections.Max(detection => detection.T));
        var ids = detections.Where(detection => detection.T == t).Select(detection => detection.Id);
        return new SeenAt(t, [.. (t == T ? Ids : []).Union(ids, StringComparer.Ordinal)]);
    }
}
