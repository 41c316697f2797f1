using System.Buffers;
using System.Text;
using Forewarn.Contracts;

namespace Forewarn.Gateway.Exposition;

/// <summary>
/// The labels of a schema's columns as text, made once for all entities that share it: <c>metric="system.cpu.time",unit="s",series="...",label_state="user"</c>.
/// </summary>
sealed class ColumnLabels
{
    readonly byte[] _text;
    readonly int[] _ends;

    public ColumnLabels(SeriesSchema schema)
    {
        Columns = schema.Columns;
        var output = new ArrayBufferWriter<byte>();
        _ends = new int[Columns.Count];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Columns.Count; i++)
        {
            if (seen.Add(Columns[i].Id))
                Write(output, Columns[i]);
            _ends[i] = output.WrittenCount;
        }
        _text = output.WrittenSpan.ToArray();
    }

    public IReadOnlyList<SeriesColumn> Columns { get; }

    /// <summary>Empty for a series that stands in an earlier column too: a scrape that says something twice is refused as a whole.</summary>
    public ReadOnlySpan<byte> Of(int column)
    {
        var start = column == 0 ? 0 : _ends[column - 1];
        return _text.AsSpan(start, _ends[column] - start);
    }

    static void Write(ArrayBufferWriter<byte> output, SeriesColumn column)
    {
        LabelText.Write(output, "metric"u8, column.Name);
        output.Write(","u8);
        LabelText.Write(output, "unit"u8, column.Unit);
        output.Write(","u8);
        // Two series of one metric may differ only in what names of labels cannot say; their ids differ always.
        LabelText.Write(output, "series"u8, column.Id);
        var labels = column.Labels.ToList();
        var names = LabelText.Names([.. labels.Select(label => label.Key)]);
        for (var i = 0; i < labels.Count; i++)
        {
            output.Write(","u8);
            LabelText.Write(output, Encoding.ASCII.GetBytes(names[i]), labels[i].Value);
        }
    }
}
