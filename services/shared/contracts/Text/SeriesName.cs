namespace Forewarn.Contracts;

/// <summary>A series as people name it.</summary>
public static class SeriesName
{
    /// <summary><c>system.cpu.utilization (user)</c>: the name, and the values of its labels in their order.</summary>
    public static string Of(string name, IReadOnlyDictionary<string, string> labels) =>
        labels.Count == 0
            ? name
            : $"{name} ({string.Join(", ", labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => label.Value))})";

    /// <inheritdoc cref="Of(string, IReadOnlyDictionary{string, string})"/>
    public static string Of(SeriesColumn column) => Of(column.Name, column.Labels);
}
