using Forewarn.Contracts;

namespace Forewarn.History.Storage;

/// <summary>A partitioned table that is filled from a topic.</summary>
/// <param name="Stream">Its mark in the watermarks: publishers count per topic.</param>
/// <param name="Name">Table name.</param>
/// <param name="Copy">The COPY command that takes its rows.</param>
/// <param name="Segments">Columns whose values tell rows apart that belong together when they are compressed.</param>
sealed record StreamTable(char Stream, string Name, string Copy, string Segments)
{
    public static readonly StreamTable Ticks = new('r', Partitions.Ticks,
        "COPY history.ticks (t, entity, schema, values) FROM STDIN (FORMAT BINARY)", "entity, schema")
    {
        CopyRecent = "COPY history.ticks_recent (t, entity, schema, values) FROM STDIN (FORMAT BINARY)",
    };

    public static readonly StreamTable Predictions = new('p', Partitions.Predictions,
        "COPY history.predictions (t, p, entity, cadence_ms, score, extrapolated, anomalous, model) FROM STDIN (FORMAT BINARY)", "entity, cadence_ms")
    {
        CopyRecent = "COPY history.predictions_recent (t, p, entity, cadence_ms, score, extrapolated, anomalous, model) FROM STDIN (FORMAT BINARY)",
    };

    public static readonly IReadOnlyList<StreamTable> All = [Ticks, Predictions];

    /// <summary>The COPY command that takes rows which will be packed when their minute is sealed.</summary>
    public required string CopyRecent { get; init; }

    /// <summary>Where those rows lie until then.</summary>
    public string Recent => Name + "_recent";

    /// <summary>Where they lie from then on.</summary>
    public string Packed => Name + "_packed";
}

/// <summary>One message on its way into a <see cref="StreamTable"/>.</summary>
abstract class StreamEntry
{
    (long First, long Last)? _span;

    public abstract EntityMessage Message { get; }

    public abstract int Rows { get; }

    /// <summary>Event time of a row, unix milliseconds.</summary>
    public abstract long TimeOf(int row);

    /// <summary>The oldest and the newest of its rows; without rows the first is the greater one.</summary>
    public (long First, long Last) Span => _span ??= SpanOf(long.MinValue);

    /// <summary>Number of its schema; 0 when the table does not keep it.</summary>
    public virtual int Schema => 0;

    /// <summary>About as many bytes as <see cref="Write"/> writes.</summary>
    public abstract int Size { get; }

    /// <summary>Writes the rows that are not too old.</summary>
    public abstract StoredCount Write(DeliveryRows target, int entity);

    /// <summary>Span of the rows that are not older than <paramref name="oldest"/>.</summary>
    public (long First, long Last) SpanSince(long oldest) => Span.First >= oldest ? Span : SpanOf(oldest);

    (long First, long Last) SpanOf(long oldest)
    {
        var (first, last) = (long.MaxValue, long.MinValue);
        for (var row = 0; row < Rows; row++)
        {
            if (TimeOf(row) is var t && t >= oldest)
                (first, last) = (Math.Min(first, t), Math.Max(last, t));
        }
        return (first, last);
    }
}

sealed class TickEntry(MetricBatch batch, int schema) : StreamEntry
{
    public override EntityMessage Message => batch;
    public override int Rows => batch.Rows.Count;
    public override int Schema => schema;
    public override int Size => batch.Rows.Count == 0 ? 0 : batch.Rows.Count * (64 + (batch.Rows[0].Values.Length * 12));

    public override long TimeOf(int row) => batch.Rows[row].T;

    public override StoredCount Write(DeliveryRows target, int entity)
    {
        int rows = 0, expired = 0;
        var samples = 0L;
        foreach (var row in batch.Rows)
        {
            if (target.For(row.T) is not { } copy)
            {
                expired++;
                continue;
            }
            copy.StartRow(4);
            copy.WriteTime(row.T);
            copy.Write(entity);
            copy.Write(schema);
            copy.Write(row.Values);
            rows++;
            foreach (var value in row.Values)
                samples += double.IsNaN(value) ? 0 : 1;
        }
        return new StoredCount(rows, samples, expired);
    }
}

sealed class PredictionEntry(PredictionBatch batch) : StreamEntry
{
    public override EntityMessage Message => batch;
    public override int Rows => batch.Ticks.Count;
    public override int Size => batch.Ticks.Count * (72 + batch.Model.Length);

    public override long TimeOf(int row) => batch.Ticks[row].T;

    public override StoredCount Write(DeliveryRows target, int entity)
    {
        int rows = 0, expired = 0;
        foreach (var tick in batch.Ticks)
        {
            if (target.For(tick.T) is not { } copy)
            {
                expired++;
                continue;
            }
            copy.StartRow(8);
            copy.WriteTime(tick.T);
            copy.Write(tick.P);
            copy.Write(entity);
            copy.Write(batch.CadenceMs);
            copy.Write(tick.Score);
            copy.Write(tick.Extrapolated);
            copy.Write(tick.Anomalous);
            copy.Write(batch.Model);
            rows++;
        }
        return new StoredCount(rows, rows, expired);
    }
}
