using System.Text.Json;
using DevSidecar.State;

namespace DevSidecar.Api.Http;

sealed class StateApi(AppSidecar sidecar)
{
    static readonly Dictionary<string, string> NoMetadata = new(StringComparer.Ordinal);

    public async Task GetAsync(HttpContext context, string store, string key)
    {
        var component = sidecar.Components.State(store);
        var full = component.Key(key);
        var value = await component.RunAsync("get", (s, token) => s.GetAsync(full, token), sidecar, context.RequestAborted);
        if (value is null)
        {
            context.Response.StatusCode = 204;
            return;
        }

        context.Response.Headers.ETag = $"\"{value.ETag}\"";
        if (value.Expires is { } expires)
        {
            context.Response.Headers["metadata.ttlExpireTime"] = StateComponent.ExpireTime(expires);
        }

        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(value.Data, context.RequestAborted);
    }

    public async Task DeleteAsync(HttpContext context, string store, string key)
    {
        var component = sidecar.Components.State(store);
        var etag = RequestReader.Header(context, "If-Match")?.Trim('"');
        var write = component.Delete(key, etag, firstWrite: false);
        await component.RunAsync("delete", (s, token) => Done(s.WriteAsync(write, token)), sidecar, context.RequestAborted);
        context.Response.StatusCode = 204;
    }

    public async Task SaveAsync(HttpContext context, string store)
    {
        var component = sidecar.Components.State(store);
        using var document = JsonDocument.Parse(await RequestReader.BodyAsync(context));
        if (document.RootElement.ValueKind != JsonValueKind.Array)
        {
            throw ApiException.BadRequest("the body must be an array of states");
        }

        var writes = document.RootElement.EnumerateArray().Select(item => Write(component, item)).ToList();
        foreach (var write in writes)
        {
            await component.RunAsync("set", (s, token) => Done(s.WriteAsync(write, token)), sidecar, context.RequestAborted);
        }

        context.Response.StatusCode = 204;
    }

    public async Task BulkGetAsync(HttpContext context, string store)
    {
        var component = sidecar.Components.State(store);
        using var document = JsonDocument.Parse(await RequestReader.BodyAsync(context));
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("keys", out var list) || list.ValueKind != JsonValueKind.Array)
        {
            throw ApiException.BadRequest("the body needs an array 'keys'");
        }

        var keys = list.EnumerateArray().Select(k => k.ToString()).Distinct(StringComparer.Ordinal).ToDictionary(k => k, component.Key, StringComparer.Ordinal);
        var found = await component.RunAsync("bulk_get", (s, token) => s.GetManyAsync([.. keys.Values], token), sidecar, context.RequestAborted);
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartArray();
        foreach (var (key, full) in keys)
        {
            json.WriteStartObject();
            json.WriteString("key"u8, key);
            if (found.TryGetValue(full, out var value))
            {
                json.WritePropertyName("data"u8);
                WriteData(json, value.Data);
                json.WriteString("etag"u8, value.ETag);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public async Task TransactAsync(HttpContext context, string store)
    {
        var component = sidecar.Components.State(store);
        using var document = JsonDocument.Parse(await RequestReader.BodyAsync(context));
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("operations", out var operations)
            || operations.ValueKind != JsonValueKind.Array)
        {
            throw ApiException.BadRequest("the body needs an array 'operations'");
        }

        var writes = operations.EnumerateArray().Select(o => Operation(component, o)).ToList();
        await component.RunAsync("transaction", (s, token) => Done(s.TransactAsync(writes, token)), sidecar, context.RequestAborted);
        context.Response.StatusCode = 204;
    }

    static StateWrite Operation(StateComponent component, JsonElement operation)
    {
        var kind = Text(operation, "operation");
        if (!operation.TryGetProperty("request", out var request))
        {
            throw ApiException.BadRequest("every operation needs a request");
        }

        return kind switch
        {
            "upsert" => Write(component, request),
            "delete" => component.Delete(Key(request), Text(request, "etag"), FirstWrite(request)),
            _ => throw ApiException.BadRequest($"operation type {kind} not supported"),
        };
    }

    static StateWrite Write(StateComponent component, JsonElement item)
    {
        var metadata = NoMetadata;
        if (item.ValueKind == JsonValueKind.Object && item.TryGetProperty("metadata", out var members) && members.ValueKind == JsonValueKind.Object)
        {
            metadata = members.EnumerateObject().ToDictionary(m => m.Name, m => m.Value.ToString(), StringComparer.Ordinal);
        }

        var key = Key(item);
        var value = item.TryGetProperty("value", out var data) ? JsonSerializer.SerializeToUtf8Bytes(data) : "null"u8.ToArray();
        return component.Write(key, value, Text(item, "etag"), FirstWrite(item), metadata);
    }

    static string Key(JsonElement item) => Text(item, "key") is { Length: > 0 } key ? key : throw ApiException.BadRequest("a state without a key");

    static bool FirstWrite(JsonElement item) =>
        item.TryGetProperty("options", out var options) && Text(options, "concurrency") == "first-write";

    static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Values that are no JSON travel as base64, as Go writes bytes.</summary>
    static void WriteData(Utf8JsonWriter json, byte[] data)
    {
        try
        {
            json.WriteRawValue(data);
        }
        catch (JsonException)
        {
            json.WriteBase64StringValue(data);
        }
    }

    static async Task<bool> Done(Task task)
    {
        await task;
        return true;
    }
}
