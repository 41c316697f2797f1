using System.Buffers.Binary;
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

    public static byte[] Request(IReadOnlyList<ExternalBatch> batches)
    {
        var request = new ProtobufWriter();
        foreach (var batch in batches)
        {
            request.Message(ResourceMetrics, resourceMetrics =>
            {
                resourceMetrics.Message(Resource, resource => WriteResource(resource, batch));
                resourceMetrics.Message(ScopeMetrics, scopeMetrics => WriteScope(scopeMetrics, batch));
            });
        }
        return request.ToArray();
    }

    /// <summary>Why the receiver left out a part of a request that it took; null when it took all.</summary>
    /// <param name="response">An <c>ExportMetricsServiceResponse</c>.</param>
    public static string? Rejected(byte[] response)
    {
        const int PartialSuccess = 1, RejectedPoints = 1, ErrorMessage = 2;
        var partial = Fields(response).FirstOrDefault(field => field.Number == PartialSuccess).Bytes;
        if (partial is null)
            return null;
        var rejected = Fields(partial).Where(field => field.Number == RejectedPoints).Sum(field => (long)field.Varint);
        var message = Fields(partial).FirstOrDefault(field => field.Number == ErrorMessage).Bytes;
        return rejected == 0 ? null : FormattableString.Invariant($"{rejected} data points: {Encoding.UTF8.GetString(message ?? [])}");
    }

    /// <summary>What a <c>google.rpc.Status</c>, the body of a refusal, says; null when it is none.</summary>
    public static string? StatusMessage(byte[] status)
    {
        const int Message = 2;
        return Fields(status).FirstOrDefault(field => field.Number == Message).Bytes is { } text ? Encoding.UTF8.GetString(text) : null;
    }

    static void WriteResource(ProtobufWriter resource, ExternalBatch batch)
    {
        Attribute(resource, Attributes, "host.name", batch.Entity);
        foreach (var (key, value) in batch.Attributes ?? new Dictionary<string, string>(StringComparer.Ordinal))
            Attribute(resource, Attributes, key, value);
    }

    static void WriteScope(ProtobufWriter scopeMetrics, ExternalBatch batch)
    {
        scopeMetrics.Message(Scope, scope => scope.Text(ScopeName, "forewarn.simulator"));
        foreach (var metric in batch.Series.Select((series, column) => (series, column)).GroupBy(each => (each.series.Name, each.series.Unit)))
        {
            scopeMetrics.Message(Metrics, writer =>
            {
                writer.Text(MetricName, metric.Key.Name);
                writer.Text(MetricUnit, metric.Key.Unit ?? "1");
                writer.Message(Gauge, gauge =>
                {
                    foreach (var (series, column) in metric)
                        WritePoints(gauge, series, column, batch.Rows);
                });
            });
        }
    }

    static void WritePoints(ProtobufWriter gauge, ExternalSeries series, int column, IReadOnlyList<ExternalRow> rows)
    {
        // What was not measured has no data point.
        foreach (var row in rows.Where(row => double.IsFinite(row.Values[column])))
        {
            gauge.Message(DataPoints, point =>
            {
                point.Number(PointTime, (ulong)(row.T ?? 0) * NanosecondsPerMillisecond);
                point.Double(PointValue, row.Values[column]);
                foreach (var (key, value) in series.Labels ?? new Dictionary<string, string>(StringComparer.Ordinal))
                    Attribute(point, PointAttributes, key, value);
            });
        }
    }

    static void Attribute(ProtobufWriter writer, int field, string key, string value) => writer.Message(field, pair =>
    {
        pair.Text(Key, key);
        pair.Message(Value, any => any.Text(StringValue, value));
    });

    /// <summary>The fields of a message, as far as it can be read as one.</summary>
    internal static IEnumerable<(int Number, ulong Varint, byte[]? Bytes)> Fields(byte[] message)
    {
        for (var at = 0; at < message.Length;)
        {
            if (Varint(message, ref at) is not { } tag)
                yield break;
            var number = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0 when Varint(message, ref at) is { } varint:
                    yield return (number, varint, null);
                    break;
                case 1 when at + 8 <= message.Length:
                    yield return (number, BinaryPrimitives.ReadUInt64LittleEndian(message.AsSpan(at)), null);
                    at += 8;
                    break;
                case 2 when Varint(message, ref at) is { } length && length <= (ulong)(message.Length - at):
                    yield return (number, 0, message[at..(at + (int)length)]);
                    at += (int)length;
                    break;
                default:
                    yield break;
            }
        }
    }

    static ulong? Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64 && at < message.Length; shift += 7)
        {
            var part = message[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }
        return null;
    }
}
