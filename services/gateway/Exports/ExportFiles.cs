using System.Text;
using Parquet;
using Parquet.Schema;

namespace Forewarn.Gateway.Exports;

/// <summary>A file that is written while its rows come in.</summary>
interface IExportFile
{
    /// <summary>Writes the rows that the columns hold, or leaves them there for a better time.</summary>
    Task WriteAsync(CancellationToken cancellationToken);

    /// <summary>Writes what is left and what belongs at the end. A file that is not ended is no file.</summary>
    Task EndAsync(CancellationToken cancellationToken);
}

/// <summary>Comma-separated values with a header line, UTF-8, lines ended by CR LF.</summary>
sealed class CsvFile(IReadOnlyList<ExportColumn> columns, Stream output) : IExportFile
{
    const int BlockCharacters = 64 * 1024;

    bool _begun;

    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        var block = new StringBuilder();
        if (!_begun)
            block.AppendJoin(',', columns.Select(column => column.Field.Name)).Append("\r\n");
        _begun = true;
        var rows = columns[0].Count;
        for (var row = 0; row < rows; row++)
        {
            for (var i = 0; i < columns.Count; i++)
            {
                if (i > 0)
                    block.Append(',');
                columns[i].WriteCsv(block, row);
            }
            block.Append("\r\n");
            if (block.Length < BlockCharacters)
                continue;
            await output.WriteAsync(Encoding.UTF8.GetBytes(block.ToString()), cancellationToken);
            block.Clear();
        }
        await output.WriteAsync(Encoding.UTF8.GetBytes(block.ToString()), cancellationToken);
        foreach (var column in columns)
            column.Clear();
    }

    public Task EndAsync(CancellationToken cancellationToken) => WriteAsync(cancellationToken);
}

/// <summary>Apache Parquet: row groups of a bounded size, compressed, written as soon as they are full.</summary>
sealed class ParquetFile(IReadOnlyList<ExportColumn> columns, Stream output) : IExportFile
{
    public const int RowGroupRows = 100_000;

    static readonly ParquetOptions Options = new() { CompressionMethod = CompressionMethod.Zstd };

    ParquetWriter? _writer;

    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        if (columns[0].Count >= RowGroupRows)
            await WriteGroupAsync(cancellationToken);
    }

    public async Task EndAsync(CancellationToken cancellationToken)
    {
        if (columns[0].Count > 0)
            await WriteGroupAsync(cancellationToken);
        await (await WriterAsync(cancellationToken)).DisposeAsync();
    }

    async Task WriteGroupAsync(CancellationToken cancellationToken)
    {
        using var group = (await WriterAsync(cancellationToken)).CreateRowGroup();
        foreach (var column in columns)
        {
            await column.WriteParquetAsync(group, cancellationToken);
            column.Clear();
        }
        group.CompleteValidate();
    }

    async Task<ParquetWriter> WriterAsync(CancellationToken cancellationToken) =>
        _writer ??= await ParquetWriter.CreateAsync(new ParquetSchema(columns.Select(column => (Field)column.Field).ToArray()), output, Options, cancellationToken: cancellationToken);
}
