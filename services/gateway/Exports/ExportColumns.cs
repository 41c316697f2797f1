using System.Globalization;
using System.Text;
using Parquet;
using Parquet.Schema;

namespace Forewarn.Gateway.Exports;

/// <summary>A column of a table that is being exported, with the rows that are not written yet.</summary>
abstract class ExportColumn(DataField field)
{
    public DataField Field { get; } = field;

    public abstract int Count { get; }

    public abstract void WriteCsv(StringBuilder line, int row);

    public abstract Task WriteParquetAsync(ParquetRowGroupWriter group, CancellationToken cancellationToken);

    public abstract void Clear();
}

/// <summary>Text, some of which came from outside.</summary>
sealed class TextColumn(string name) : ExportColumn(new DataField<string>(name, nullable: false))
{
    readonly List<string> _values = [];

    public override int Count => _values.Count;

    public void Add(string? value) => _values.Add(value ?? "");

    public override void WriteCsv(StringBuilder line, int row) => CsvText.Append(line, _values[row]);

    public override Task WriteParquetAsync(ParquetRowGroupWriter group, CancellationToken cancellationToken) => group.WriteAsync(Field, _values);

    public override void Clear() => _values.Clear();
}

/// <summary>Values of one type, none of them missing.</summary>
abstract class ValueColumn<T>(DataField field) : ExportColumn(field)
    where T : struct
{
    readonly List<T> _values = [];

    public override int Count => _values.Count;

    protected void AddValue(T value) => _values.Add(value);

    protected T this[int row] => _values[row];

    public override Task WriteParquetAsync(ParquetRowGroupWriter group, CancellationToken cancellationToken) =>
        group.WriteAsync<T>(Field, _values.ToArray(), cancellationToken: cancellationToken);

    public override void Clear() => _values.Clear();
}

sealed class NumberColumn(string name) : ValueColumn<double>(new DataField<double>(name))
{
    public void Add(double value) => AddValue(value);

    public override void WriteCsv(StringBuilder line, int row) => line.Append(CultureInfo.InvariantCulture, $"{this[row]:R}");
}

/// <summary>Numbers that were decided on in single precision: a wider type would add digits that nobody decided on.</summary>
sealed class SingleColumn(string name) : ValueColumn<float>(new DataField<float>(name))
{
    public void Add(float value) => AddValue(value);

    public override void WriteCsv(StringBuilder line, int row) => line.Append(CultureInfo.InvariantCulture, $"{this[row]:R}");
}

sealed class IntegerColumn(string name) : ValueColumn<long>(new DataField<long>(name))
{
    public void Add(long value) => AddValue(value);

    public override void WriteCsv(StringBuilder line, int row) => line.Append(CultureInfo.InvariantCulture, $"{this[row]}");
}

sealed class FlagColumn(string name) : ValueColumn<bool>(new DataField<bool>(name))
{
    public void Add(bool value) => AddValue(value);

    public override void WriteCsv(StringBuilder line, int row) => line.Append(this[row] ? "true" : "false");
}

/// <summary>Instants that are always known.</summary>
sealed class TimeColumn(string name) : ValueColumn<DateTime>(Times.FieldOf(name, nullable: false))
{
    public void Add(long unixMs) => AddValue(Times.Of(unixMs));

    public override void WriteCsv(StringBuilder line, int row) => Times.Append(line, this[row]);
}

/// <summary>Numbers that may be missing.</summary>
sealed class OptionalNumberColumn(string name) : ExportColumn(new DataField<double?>(name))
{
    readonly List<double?> _values = [];

    public override int Count => _values.Count;

    public void Add(double? value) => _values.Add(value);

    public override void WriteCsv(StringBuilder line, int row) => line.Append(CultureInfo.InvariantCulture, $"{_values[row]:R}");

    public override Task WriteParquetAsync(ParquetRowGroupWriter group, CancellationToken cancellationToken) =>
        group.WriteAsync<double>(Field, _values.ToArray(), cancellationToken: cancellationToken);

    public override void Clear() => _values.Clear();
}

/// <summary>Instants that may not have come yet.</summary>
sealed class OptionalTimeColumn(string name) : ExportColumn(Times.FieldOf(name, nullable: true))
{
    readonly List<DateTime?> _values = [];

    public override int Count => _values.Count;

    public void Add(long? unixMs) => _values.Add(unixMs is { } t ? Times.Of(t) : null);

    public override void WriteCsv(StringBuilder line, int row)
    {
        if (_values[row] is { } t)
            Times.Append(line, t);
    }

    public override Task WriteParquetAsync(ParquetRowGroupWriter group, CancellationToken cancellationToken) =>
        group.WriteAsync<DateTime>(Field, _values.ToArray(), cancellationToken: cancellationToken);

    public override void Clear() => _values.Clear();
}

static class Times
{
    public static DataField FieldOf(string name, bool nullable) =>
        new DateTimeDataField(name, DateTimeFormat.Timestamp, isAdjustedToUTC: true, unit: DateTimeTimeUnit.Millis, isNullable: nullable);

    public static DateTime Of(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(unixMs).UtcDateTime;

    public static void Append(StringBuilder line, DateTime utc) => line.Append(CultureInfo.InvariantCulture, $"{utc:yyyy-MM-ddTHH:mm:ss.fffZ}");
}
