using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Forewarn.Contracts;

namespace Forewarn.Bench.History;

/// <summary>Bulk deliveries as a sidecar sends them, of ticks and of the verdicts on them.</summary>
sealed class Deliveries(SeriesSchema schema)
{
    const string Model = "0123456789abcdef";

    static readonly JsonWriterOptions Fast = new() { SkipValidation = true };

    readonly string _producer = Guid.NewGuid().ToString("N")[..16];
    readonly ConcurrentDictionary<(string Topic, int Entity), long> _seq = new();

    public static string NameOf(int entity) => string.Create(CultureInfo.InvariantCulture, $"bench-{entity:0000}");

    /// <summary>One message per segment: the ticks of one entity.</summary>
    public byte[] Raw(IReadOnlyList<ArraySegment<Tick>> messages) => Write(Topics.MetricsRaw, messages, ContractJson.Default.MetricBatch, ticks => new MetricBatch
    {
        Entity = NameOf(ticks[0].Entity),
        Producer = _producer,
        Seq = Next(Topics.MetricsRaw, ticks[0].Entity),
        Schema = schema.Hash,
        Source = "json",
        Rows = [.. ticks.Select(tick => new MetricRow(UnixMs(tick.T), tick.Values))],
    });

    /// <summary>Scores alone: values, deviations and forecasts travel to dashboards in the same message, history passes over them.</summary>
    public byte[] Predictions(IReadOnlyList<ArraySegment<Tick>> messages) => Write(Topics.Predictions, messages, ContractJson.Default.PredictionBatch, ticks => new PredictionBatch
    {
        Entity = NameOf(ticks[0].Entity),
        Producer = _producer,
        Seq = Next(Topics.Predictions, ticks[0].Entity),
        Schema = schema.Hash,
        Model = Model,
        CadenceMs = 1000,
        Maturity = EntityMaturity.Warm,
        Ticks = [.. ticks.Select(tick => Verdict(tick, tick.Values))],
    });

    static PredictionTick Verdict(Tick tick, double[] values)
    {
        var display = Array.ConvertAll(values, value => (float)value);
        return new PredictionTick { T = UnixMs(tick.T), Score = 0.4f + (float)(values[^1] % 0.1), P = Math.Clamp(values[^1] * 10, 1e-6, 1), Values = display, Z = display };
    }

    long Next(string topic, int entity) => _seq.AddOrUpdate((topic, entity), 1, static (_, seq) => seq + 1);

    static byte[] Write<T>(string topic, IReadOnlyList<ArraySegment<Tick>> messages, JsonTypeInfo<T> type, Func<ArraySegment<Tick>, T> message)
    {
        var buffer = new ArrayBufferWriter<byte>(messages.Count * 1024);
        using var json = new Utf8JsonWriter(buffer, Fast);
        json.WriteStartObject();
        json.WriteString("id"u8, Guid.NewGuid());
        json.WriteString("type"u8, "com.dapr.event.sent.bulk"u8);
        json.WriteString("topic"u8, topic);
        json.WriteString("pubsubname"u8, Components.Telemetry);
        json.WriteStartArray("entries"u8);
        for (var i = 0; i < messages.Count; i++)
        {
            json.WriteStartObject();
            json.WriteString("entryId"u8, i.ToString(CultureInfo.InvariantCulture));
            json.WriteString("contentType"u8, "application/cloudevents+json"u8);
            json.WriteStartObject("event"u8);
            json.WriteString("specversion"u8, "1.0"u8);
            json.WriteString("id"u8, Guid.NewGuid());
            json.WriteString("source"u8, "bench"u8);
            json.WriteString("type"u8, "com.dapr.event.sent"u8);
            json.WriteString("datacontenttype"u8, "application/json"u8);
            json.WriteString("topic"u8, topic);
            json.WriteString("pubsubname"u8, Components.Telemetry);
            json.WritePropertyName("data"u8);
            JsonSerializer.Serialize(json, message(messages[i]), type);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    static long UnixMs(DateTime t) => new DateTimeOffset(t, TimeSpan.Zero).ToUnixTimeMilliseconds();
}
