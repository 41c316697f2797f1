using System.Text.Json;
using DevSidecar.PubSub;

namespace DevSidecar.Api.Http;

sealed class PublishApi(AppSidecar sidecar)
{
    readonly Publisher _publisher = new(sidecar);

    public async Task PublishAsync(HttpContext context, string pubSub, string topic)
    {
        var body = await RequestReader.BodyAsync(context);
        await _publisher.PublishAsync(
            pubSub, topic, new(body, context.Request.ContentType, RequestReader.Metadata(context)),
            RequestReader.Header(context, "traceparent"), RequestReader.Header(context, "tracestate"), context.RequestAborted);
        context.Response.StatusCode = 204;
    }

    public async Task BulkAsync(HttpContext context, string pubSub, string topic)
    {
        var body = await RequestReader.BodyAsync(context);
        using var document = JsonDocument.Parse(body);
        if (document.RootElement.ValueKind != JsonValueKind.Array)
        {
            throw ApiException.BadRequest("the body of a bulk publish must be a JSON array of entries");
        }

        var entries = document.RootElement.EnumerateArray().Select(Entry).ToList();
        try
        {
            await _publisher.PublishBulkAsync(
                pubSub, topic, entries, RequestReader.Metadata(context),
                RequestReader.Header(context, "traceparent"), RequestReader.Header(context, "tracestate"), context.RequestAborted);
            context.Response.StatusCode = 204;
        }
        catch (ApiException e) when (e.ErrorCode == "ERR_PUBSUB_PUBLISH_MESSAGE")
        {
            context.Response.StatusCode = 500;
            await context.Response.WriteAsJsonAsync(
                new { failedEntries = entries.Select(x => new { entryId = x.EntryId, error = e.Message }), errorCode = e.ErrorCode }, context.RequestAborted);
        }
    }

    static BulkEntry Entry(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty("event", out var data))
        {
            throw ApiException.BadRequest("every entry of a bulk publish needs an event");
        }

        var contentType = Text(element, "contentType");
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        if (element.TryGetProperty("metadata", out var members) && members.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in members.EnumerateObject())
            {
                metadata[member.Name] = member.Value.ToString();
            }
        }

        return new(Text(element, "entryId") ?? "", new(Data(data, contentType), contentType, metadata));
    }

    /// <summary>JSON events as written; text as text; bytes come as base64.</summary>
    static byte[] Data(JsonElement data, string? contentType)
    {
        if (data.ValueKind != JsonValueKind.String || (contentType is not null && (CloudEvents.IsJson(contentType) || CloudEvents.IsCloudEvent(contentType))))
        {
            return JsonSerializer.SerializeToUtf8Bytes(data);
        }

        return contentType is not null && CloudEvents.IsBinary(contentType)
            ? data.TryGetBytesFromBase64(out var bytes) ? bytes : throw ApiException.BadRequest("an octet-stream event must be base64")
            : System.Text.Encoding.UTF8.GetBytes(data.GetString()!);
    }

    static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
