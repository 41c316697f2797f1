using System.IO.Pipelines;
using System.Net.Http.Headers;
using System.Text.Json;

namespace DevSidecar.PubSub;

/// <summary>The body of a bulk delivery (dapr.md 2.6). Stored envelopes are spliced in, not parsed.</summary>
static class BulkPayload
{
    static readonly JsonWriterOptions Options = new()
    {
        SkipValidation = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>A hundred small events are a large array: the pipe's come from a pool and go back as the body is sent.</summary>
    static readonly PipeOptions Pooled = new(pauseWriterThreshold: 0, minimumSegmentSize: 64 * 1024, useSynchronizationContext: false);

    public static HttpContent Content(string pubSub, string topic, bool raw, IReadOnlyList<Message> messages)
    {
        var body = new Pipe(Pooled);
        using var json = new Utf8JsonWriter(body.Writer, Options);
        Write(json, pubSub, topic, raw, messages);
        body.Writer.Complete();
        // Left open, so that a delivery that is cut off leaves its arrays to the collector instead of giving away what may still be read.
        return new StreamContent(body.Reader.AsStream(leaveOpen: true))
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/json"), ContentLength = json.BytesCommitted },
        };
    }

    static void Write(Utf8JsonWriter json, string pubSub, string topic, bool raw, IReadOnlyList<Message> messages)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, Guid.NewGuid());
        json.WriteString("type"u8, "com.dapr.event.sent.bulk"u8);
        json.WriteString("topic"u8, topic);
        json.WriteString("pubsubname"u8, pubSub);
        json.WriteStartObject("metadata"u8);
        json.WriteString("pubsubName"u8, pubSub);
        json.WriteEndObject();
        json.WriteStartArray("entries"u8);
        foreach (var message in messages)
        {
            json.WriteStartObject();
            json.WriteString("entryId"u8, message.EntryId);
            if (raw)
            {
                json.WriteBase64String("event"u8, message.Event.Span);
                json.WriteString("contentType"u8, "application/octet-stream"u8);
            }
            else
            {
                json.WritePropertyName("event"u8);
                json.WriteRawValue(message.Event.Span, skipInputValidation: true);
                json.WriteString("contentType"u8, "application/cloudevents+json"u8);
            }

            json.WriteStartObject("metadata"u8);
            foreach (var (name, value) in message.Metadata())
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
    }
}
