namespace Forewarn.Trainer;

/// <summary>Columns as wide as their widest cell; the first flush left, the others right.</summary>
sealed class TextTable(params string[] head)
{
    readonly List<string[]> _rows = [head];

    public void Add(params string[] cells) => _rows.Add(cells);

    public IEnumerable<string> Lines()
    {
        int[] widths = [.. Enumerable.Range(0, head.Length).Select(i => _rows.Max(row => row[i].Length))];
        foreach (var row in _rows)
            yield return string.Join("  ", row.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]))).TrimEnd();
    }

    /// <summary>The same as Markdown.</summary>
    public IEnumerable<string> Markdown()
    {
        yield return Row(head);
        yield return Row([.. head.Select((_, i) => i == 0 ? "---" : "--:")]);
        foreach (var row in _rows.Skip(1))
            yield return Row(row);

        static string Row(string[] cells) => $"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |";
    }
}
