using System.Text;
using Forewarn.Contracts;

namespace Forewarn.Simulator;

/// <summary>
/// Batches as <c>ExportMetricsServiceRequest</c> of OpenTelemetry's protocol 1.x (opentelemetry-proto, metrics/v1/metrics.proto): a
/// resource per entity, named by <c>host.name</c>, a gauge per name and unit, a data point per series and instant. Limits have no place in it.
/// </summary>
static class OtlpMetrics
{
    const int ResourceMetrics = 1, Resource = 1, ScopeMetrics = 2, Attributes = 1, Scope = 1, ScopeName = 1, Metrics = 2;
    const int MetricName = 1, MetricUnit = 3, Gauge = 5, DataPoints = 1, PointTime = 3, PointValue = 4, PointAttributes = 7;
    const int Key = 1, Value = 2, StringValue = 1;
    const ulong NanosecondsPerMillisecond = 1_000_000;

    static readonly IReadOnlyDictionary<string, string> _none = new Dictionary<string, string>(StringComparer.Ordinal);

    public static byte[] Request(IReadOnlyList<ExternalBatch> batches)
    {
        var request = new WireWriter();
        foreach (var batch in batches)
        {
            request.Begin(ResourceMetrics);
            WriteResource(request, batch);
            WriteScope(request, batch);
            request.End();
        }
        return request.Written.ToArray();
    }

    /// <summary>Why the receiver left out a part of a request that it took; null when it took all.</summary>
    /// <param name="response">An <c>ExportMetricsServiceResponse</c>.</param>
    public static string? Rejected(ReadOnlySpan<byte> response)
    {
        const int PartialSuccess = 1, RejectedPoints = 1, ErrorMessage = 2;
        var (rejected, message) = (0L, "");
        var partial = new WireReader(Field(response, PartialSuccess));
        while (partial.Next())
        {
            if (partial.Is(RejectedPoints, WireType.Varint))
                rejected = (long)partial.Varint();
            else if (partial.Is(ErrorMessage, WireType.Bytes))
                message = Encoding.UTF8.GetString(partial.Bytes());
            else
                partial.Skip();
        }
        return rejected == 0 ? null : FormattableString.Invariant($"{rejected} data points: {message}");
    }

    /// <summary>What a <c>google.rpc.Status</c>, the body of a refusal, says; null when it is none.</summary>
    public static string? StatusMessage(ReadOnlySpan<byte> status)
    {
        const int Message = 2;
        return Field(status, Message) is { IsEmpty: false } text ? Encoding.UTF8.GetString(text) : null;
    }

    static void WriteResource(WireWriter writer, ExternalBatch batch)
    {
        writer.Begin(Resource);
        WriteAttribute(writer, Attributes, "host.name", batch.Entity);
        foreach (var (key, value) in batch.Attributes ?? _none)
            WriteAttribute(writer, Attributes, key, value);
        writer.End();
    }

    static void WriteScope(WireWriter writer, ExternalBatch batch)
    {
        writer.Begin(ScopeMetrics).Begin(Scope).Text(ScopeName, "forewarn.simulator").End();
        foreach (var metric in batch.Series.Select((series, column) => (series, column)).GroupBy(each => (each.series.Name, each.series.Unit)))
        {
            writer.Begin(Metrics).Text(MetricName, metric.Key.Name).Text(MetricUnit, metric.Key.Unit ?? "1").Begin(Gauge);
            foreach (var (series, column) in metric)
                WritePoints(writer, series, column, batch.Rows);
            writer.End().End();
        }
        writer.End();
    }

    static void WritePoints(WireWriter writer, ExternalSeries series, int column, IReadOnlyList<ExternalRow> rows)
    {
        // What was not measured has no data point.
        foreach (var row in rows.Where(row => double.IsFinite(row.Values[column])))
        {
            writer.Begin(DataPoints)
                .Fixed64(PointTime, (ulong)(row.T ?? 0) * NanosecondsPerMillisecond)
                .Fixed64(PointValue, BitConverter.DoubleToUInt64Bits(row.Values[column]));
            foreach (var (key, value) in series.Labels ?? _none)
                WriteAttribute(writer, PointAttributes, key, value);
            writer.End();
        }
    }

    static void WriteAttribute(WireWriter writer, int field, string key, string value) =>
        writer.Begin(field).Text(Key, key).Begin(Value).Text(StringValue, value).End().End();

    /// <summary>The last field of this number that holds bytes, as far as the message can be read as one; empty without it.</summary>
    static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> message, int number)
    {
        ReadOnlySpan<byte> found = default;
        var reader = new WireReader(message);
        while (reader.Next())
        {
            if (reader.Is(number, WireType.Bytes))
                found = reader.Bytes();
            else
                reader.Skip();
        }
        return found;
    }
}
