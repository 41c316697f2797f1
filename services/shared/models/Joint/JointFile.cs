using Forewarn.Analytics;

namespace Forewarn.Models;

/// <summary>
/// What a joint model's file holds in its metadata beside the graph: <c>columns</c>, the series ids of its metrics in
/// order, and <c>scalings</c>, each trained entity's. They lie under the same checksum as the graph.
/// </summary>
/// <param name="Columns">Series ids, one a metric.</param>
/// <param name="Scalings">By entity.</param>
public sealed record JointFile(IReadOnlyList<string> Columns, IReadOnlyDictionary<string, JointScaling> Scalings)
{
    /// <summary>Entities of one file, at most: a scaling takes 144 bytes a metric.</summary>
    public const int MaxEntities = 10_000;

    const string ColumnsKey = "columns";
    const string ScalingsKey = "scalings";
    const char Blank = ' ';

    /// <summary>For the model file. The same columns and scalings give the same text.</summary>
    /// <param name="columns">Series ids, without blanks, each once.</param>
    /// <param name="scalings">By entity, at least one and of as many metrics as there are columns.</param>
    /// <exception cref="ArgumentException">What would not be read again.</exception>
    public static KeyValuePair<string, string>[] Metadata(IReadOnlyList<string> columns, IReadOnlyDictionary<string, JointScaling> scalings)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(scalings);
        if (Fault(columns, scalings) is { } fault)
            throw new ArgumentException($"The joint model {fault}.", nameof(scalings));
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(scalings.Count);
        foreach (var (entity, scaling) in scalings.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            writer.Write(entity);
            scaling.Write(writer);
        }
        writer.Flush();
        return [new(ColumnsKey, string.Join(Blank, columns)), new(ScalingsKey, Convert.ToBase64String(stream.ToArray()))];
    }

    /// <summary>Names of a row's entries: <c>SERIES.FEATURE</c>, as a manifest lists them.</summary>
    public static IReadOnlyList<string> FeatureNames(IReadOnlyList<string> columns) =>
        [.. columns.SelectMany(column => JointRow.Names.Select(feature => $"{column}.{feature}"))];

    /// <summary>What a file's metadata hold; null when it is no joint model's.</summary>
    /// <exception cref="InvalidDataException">They cannot be read, or contradict themselves.</exception>
    internal static JointFile? Read(IReadOnlyDictionary<string, string> metadata)
    {
        var (hasColumns, hasScalings) = (metadata.TryGetValue(ColumnsKey, out var columns), metadata.TryGetValue(ScalingsKey, out var scalings));
        if (!hasColumns && !hasScalings)
            return null;
        if (columns is null || scalings is null)
            throw new InvalidDataException($"it has '{(hasColumns ? ColumnsKey : ScalingsKey)}' without '{(hasColumns ? ScalingsKey : ColumnsKey)}'");
        var file = new JointFile(columns.Split(Blank), ReadScalings(scalings));
        return Fault(file.Columns, file.Scalings) is { } fault ? throw new InvalidDataException($"it {fault}") : file;
    }

    static Dictionary<string, JointScaling> ReadScalings(string text)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(Convert.FromBase64String(text)));
            var count = reader.ReadInt32();
            if (count is < 1 or > MaxEntities)
                throw new InvalidDataException($"it counts {count} scalings; 1 to {MaxEntities} are read");
            var scalings = new Dictionary<string, JointScaling>(StringComparer.Ordinal);
            var previous = "";
            for (var i = 0; i < count; i++)
            {
                var entity = reader.ReadString();
                if (string.CompareOrdinal(entity, previous) <= 0)
                    throw new InvalidDataException($"the scaling of '{entity}' does not come behind that of '{previous}'");
                scalings.Add(previous = entity, JointScaling.Read(reader));
            }
            var left = reader.BaseStream.Length - reader.BaseStream.Position;
            return left == 0 ? scalings : throw new InvalidDataException($"{left} bytes follow behind its scalings");
        }
        catch (Exception unreadable) when (unreadable is FormatException or IOException)
        {
            throw new InvalidDataException($"its scalings are damaged: {unreadable.Message}", unreadable);
        }
    }

    static string? Fault(IReadOnlyList<string> columns, IReadOnlyDictionary<string, JointScaling> scalings)
    {
        if (columns.Count is < 1 or > JointRow.MaxMetrics)
            return $"has {columns.Count} columns; 1 to {JointRow.MaxMetrics} are possible";
        if (columns.Any(column => column.Length == 0 || column.Contains(Blank, StringComparison.Ordinal)))
            return "has a column that is no series id";
        if (columns.GroupBy(column => column, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            return $"has column {twice.Key} twice";
        if (scalings.Count is < 1 or > MaxEntities)
            return $"has scalings of {scalings.Count} entities; 1 to {MaxEntities} are possible";
        var other = scalings.FirstOrDefault(entry => entry.Value.Metrics != columns.Count);
        return other.Value is null ? null : $"has {columns.Count} columns, but the scaling of '{other.Key}' has {other.Value.Metrics}";
    }
}
