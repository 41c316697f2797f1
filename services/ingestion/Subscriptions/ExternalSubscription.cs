using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.Ingestion;

/// <summary>Topic <c>metrics.external</c>: the JSON door's schema and rules. What breaks them goes to the dead topic with the reason.</summary>
static class ExternalSubscription
{
    public static IEndpointRouteBuilder MapExternalSubscription(this IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        var handler = ActivatorUtilities.CreateInstance<ExternalHandler>(services);
        routes.MapBulkSubscription(Components.Telemetry, Topics.MetricsExternal, ExternalJson.Default.RawJson, handler.HandleAsync, new BulkOptions(Raw: true))
            .NeverOn(services.GetRequiredService<PublicListener>());
        return routes;
    }
}

sealed class ExternalHandler(
    BatchPublisher publisher, ShapeCache shapes, DeadLetters deadLetters, IngestionOptions options, Telemetry telemetry, TimeProvider time)
{
    const string OwnEntities = "forewarn/";

    public async Task HandleAsync(IReadOnlyList<RawJson> messages, CancellationToken cancellationToken)
    {
        var received = time.GetUtcNow().ToUnixTimeMilliseconds();
        var all = new List<Submission>(messages.Count);
        foreach (var message in messages)
        {
            if (ExternalReader.Read(message.Utf8, Sources.Json, received, options, shapes, out var submissions) is { } invalid)
                await RefuseAsync(message, invalid, cancellationToken);
            else
                all.AddRange(submissions.Select(submission =>
                    submission.Entity.StartsWith(OwnEntities, StringComparison.Ordinal) ? submission with { Source = Sources.Self, Sender = Sources.Self } : submission));
        }
        if (all.Count == 0)
            return;
        if (await publisher.PublishAsync(all, received, cancellationToken) is null)
            return;
        // One that is over a limit must not take the others with it.
        foreach (var submission in all)
        {
            if (await publisher.PublishAsync([submission], received, cancellationToken) is { } refusal)
                telemetry.Refused(refusal.Code);
        }
    }

    async Task RefuseAsync(RawJson message, Refusal refusal, CancellationToken cancellationToken)
    {
        telemetry.Refused(refusal.Code);
        await deadLetters.PublishAsync(Topics.MetricsExternal, $"{refusal.Field} {refusal.Reason}", message.Utf8, cancellationToken);
    }
}

/// <summary>A JSON value as it came, to be read by our own strict reader.</summary>
[JsonConverter(typeof(RawJsonConverter))]
sealed record RawJson(byte[] Utf8);

sealed class RawJsonConverter : JsonConverter<RawJson>
{
    public override RawJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var value = JsonDocument.ParseValue(ref reader);
        return new RawJson(JsonMarshal.GetRawUtf8Value(value.RootElement).ToArray());
    }

    public override void Write(Utf8JsonWriter writer, RawJson value, JsonSerializerOptions options) => writer.WriteRawValue(value.Utf8);
}

[JsonSerializable(typeof(RawJson))]
sealed partial class ExternalJson : JsonSerializerContext;
