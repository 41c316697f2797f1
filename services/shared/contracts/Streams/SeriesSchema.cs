using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Forewarn.Contracts;

/// <summary>
/// The columns of a batch, content-addressed: a message carries only <see cref="Hash"/>, the columns lie in the
/// <see cref="Components.Schemas"/> state store under that hash and never change. Entities that measure the same things
/// share one schema, so it also names the group of entities that one model can serve.
/// </summary>
public sealed record SeriesSchema
{
    public required string Hash { get; init; }
    public required IReadOnlyList<SeriesColumn> Columns { get; init; }

    /// <summary>Builds a schema; the hash covers name, labels, unit and limit of every column in order.</summary>
    public static SeriesSchema Of(IReadOnlyList<SeriesColumn> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var text = new StringBuilder();
        foreach (var column in columns)
            text.Append(CultureInfo.InvariantCulture, $"{column.Canonical()} {column.Unit} {column.Limit:R}\n");
        return new SeriesSchema { Hash = ContentHash.Of(text.ToString()), Columns = columns };
    }

    /// <summary>
    /// The columns of an entity whose samples come in several sets: each series once, in the order of their ids, whatever came first and
    /// however the sets were cut, so that entities that measure the same things share one schema. A single set stays what it is.
    /// </summary>
    public static SeriesSchema Join(IReadOnlyCollection<SeriesSchema> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return parts.Count == 1
            ? parts.First()
            : Of([.. parts.OrderBy(part => part.Hash, StringComparer.Ordinal).SelectMany(part => part.Columns)
                .DistinctBy(column => column.Id, StringComparer.Ordinal).OrderBy(column => column.Id, StringComparer.Ordinal)]);
    }
}

/// <summary>One series of an entity. A series is addressed by entity and <see cref="Id"/>.</summary>
public sealed record SeriesColumn
{
    /// <summary>First 16 hex digits of SHA-256 over the canonical name and sorted labels.</summary>
    public required string Id { get; init; }

    /// <summary>OpenTelemetry semantic-convention name where one exists, for example <c>system.cpu.utilization</c>.</summary>
    public required string Name { get; init; }

    /// <summary>UCUM unit: <c>1</c>, <c>By</c>, <c>By/s</c>, <c>s</c>, <c>{process}</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>The series' own labels; the entity is not among them.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = EmptyLabels;

    /// <summary>The value this series cannot or must not pass, when known; breach forecasts run against it.</summary>
    public double? Limit { get; init; }

    static readonly IReadOnlyDictionary<string, string> EmptyLabels = new Dictionary<string, string>(StringComparer.Ordinal);

    public static SeriesColumn Of(string name, string unit, IReadOnlyDictionary<string, string>? labels = null, double? limit = null)
    {
        labels ??= EmptyLabels;
        return new SeriesColumn { Id = ContentHash.Of(Canonical(name, labels)), Name = name, Unit = unit, Labels = labels, Limit = limit };
    }

    /// <summary><c>name{a="1",b="2"}</c> with labels in ordinal order.</summary>
    public string Canonical() => Canonical(Name, Labels);

    static string Canonical(string name, IReadOnlyDictionary<string, string> labels)
    {
        if (labels.Count == 0)
            return name;
        var pairs = labels.OrderBy(label => label.Key, StringComparer.Ordinal)
            .Select(label => $"{label.Key}=\"{label.Value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"");
        return $"{name}{{{string.Join(',', pairs)}}}";
    }
}

/// <summary>Short content hashes: the first 16 hex digits (64 bits) of SHA-256 over UTF-8 text.</summary>
public static class ContentHash
{
    public static string Of(string text)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), digest);
        return Convert.ToHexStringLower(digest[..8]);
    }
}
