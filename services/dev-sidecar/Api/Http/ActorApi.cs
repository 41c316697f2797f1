using System.Text.Json;
using DevSidecar.Actors;
using DevSidecar.State;
using Grpc.Core;

namespace DevSidecar.Api.Http;

sealed class ActorApi(AppSidecar sidecar)
{
    readonly ActorRuntime _actors = sidecar.Runtime.Actors;

    public async Task HandleAsync(HttpContext context, ActorId id, string[] rest)
    {
        switch ((context.Request.Method, rest))
        {
            case ("PUT" or "POST" or "GET" or "DELETE", ["method", .. var method]):
                await InvokeAsync(context, id, string.Join('/', method));
                return;
            case ("PUT" or "POST", ["state"]):
                await SaveAsync(context, id);
                return;
            case ("GET", ["state", var key]):
                await GetAsync(context, id, Uri.UnescapeDataString(key));
                return;
            case ("PUT" or "POST", ["timers", var name]):
                RequireHosted(id, "TIMER");
                _actors.AddTimer(id, sidecar, Uri.UnescapeDataString(name), await JsonAsync(context));
                break;
            case ("DELETE", ["timers", var name]):
                RequireHosted(id, "TIMER");
                _actors.RemoveTimer(id, Uri.UnescapeDataString(name));
                break;
            case ("PUT" or "POST", ["reminders", var name]):
                RequireHosted(id, "REMINDER");
                _actors.Reminders.Register(id, Uri.UnescapeDataString(name), await JsonAsync(context));
                break;
            case ("DELETE", ["reminders", var name]):
                RequireHosted(id, "REMINDER");
                _actors.Reminders.Unregister(id, Uri.UnescapeDataString(name));
                break;
            case ("GET", ["reminders", var name]):
                RequireHosted(id, "REMINDER");
                await GetReminderAsync(context, id, Uri.UnescapeDataString(name));
                return;
            default:
                throw new ApiException(404, StatusCode.Unimplemented, "ERR_NOT_FOUND", $"{context.Request.Method} {context.Request.Path} is not part of this API");
        }

        context.Response.StatusCode = 204;
    }

    async Task InvokeAsync(HttpContext context, ActorId id, string method)
    {
        var headers = context.Request.Headers
            .Where(h => h.Key.StartsWith("X-Dapr", StringComparison.OrdinalIgnoreCase) || h.Key.Equals("traceparent", StringComparison.OrdinalIgnoreCase)
                || h.Key.Equals("tracestate", StringComparison.OrdinalIgnoreCase) || h.Key.Equals(ActorCall.ReentrancyHeader, StringComparison.OrdinalIgnoreCase))
            .Select(h => KeyValuePair.Create(h.Key, h.Value.ToString()))
            .ToList();
        var call = new ActorCall("method/" + method, await RequestReader.BodyAsync(context), context.Request.ContentType, headers);
        var reply = await _actors.CallAsync(id, call, sidecar.Guards, context.RequestAborted);
        if (!reply.Succeeded)
        {
            var reason = System.Text.Encoding.UTF8.GetString(reply.Body);
            throw new ApiException(reply.Status == 404 ? 404 : 500, StatusCode.Internal, "ERR_ACTOR_INVOKE_METHOD",
                $"error invoke actor method: error from actor service: ({reply.Status}) {reason[..Math.Min(reason.Length, 4096)]}");
        }

        context.Response.StatusCode = reply.Status;
        foreach (var (name, value) in reply.Headers)
        {
            context.Response.Headers[name] = value;
        }

        context.Response.ContentType = reply.ContentType;
        context.Response.ContentLength = reply.Body.Length;
        await context.Response.Body.WriteAsync(reply.Body, context.RequestAborted);
    }

    async Task GetAsync(HttpContext context, ActorId id, string key)
    {
        var store = Store();
        RequireActive(id);
        var value = await store.RunAsync("get", (s, token) => s.GetAsync(Key(id, key), token), sidecar, context.RequestAborted);
        if (value is null)
        {
            context.Response.StatusCode = 204;
            return;
        }

        if (value.Expires is { } expires)
        {
            context.Response.Headers["Metadata.ttlExpireTime"] = StateComponent.ExpireTime(expires);
        }

        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(value.Data, context.RequestAborted);
    }

    async Task SaveAsync(HttpContext context, ActorId id)
    {
        var store = Store();
        RequireActive(id);
        using var document = JsonDocument.Parse(await RequestReader.BodyAsync(context));
        if (document.RootElement.ValueKind != JsonValueKind.Array)
        {
            throw ApiException.BadRequest("the body must be an array of operations");
        }

        var writes = document.RootElement.EnumerateArray().Select(o => Operation(id, o)).ToList();
        await store.RunAsync("transaction", async (s, token) =>
        {
            await s.TransactAsync(writes, token);
            return true;
        }, sidecar, context.RequestAborted);
        context.Response.StatusCode = 204;
    }

    StateWrite Operation(ActorId id, JsonElement operation)
    {
        if (operation.ValueKind != JsonValueKind.Object || !operation.TryGetProperty("request", out var request)
            || !request.TryGetProperty("key", out var keyElement) || keyElement.GetString() is not { Length: > 0 } key)
        {
            throw ApiException.BadRequest("every operation needs a request with a key");
        }

        switch (operation.TryGetProperty("operation", out var kind) ? kind.ToString() : "")
        {
            case "delete":
                return StateWrite.Delete(Key(id, key));
            case "upsert":
                var metadata = request.TryGetProperty("metadata", out var members) && members.ValueKind == JsonValueKind.Object
                    ? members.EnumerateObject().ToDictionary(m => m.Name, m => m.Value.ToString(), StringComparer.Ordinal)
                    : new Dictionary<string, string>(StringComparer.Ordinal);
                if (metadata.ContainsKey("ttlInSeconds") && !sidecar.Runtime.Configuration.Features.Contains("ActorStateTTL"))
                {
                    throw new ApiException(500, StatusCode.Internal, "ERR_ACTOR_STATE_TRANSACTION_SAVE", "ttlInSeconds is not supported without the \"ActorStateTTL\" feature enabled");
                }

                var value = request.TryGetProperty("value", out var data) ? JsonSerializer.SerializeToUtf8Bytes(data) : "null"u8.ToArray();
                return new(Key(id, key), value, null, false, StateComponent.TimeToLive(metadata));
            default:
                throw ApiException.BadRequest("operation must be upsert or delete");
        }
    }

    async Task GetReminderAsync(HttpContext context, ActorId id, string name)
    {
        var reminder = _actors.Reminders.Find(id, name)
            ?? throw new ApiException(404, StatusCode.NotFound, "ERR_ACTOR_REMINDER_NOT_FOUND", $"actor reminder not found: {name}");
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        if (reminder.Data is { } data)
        {
            json.WritePropertyName("data"u8);
            json.WriteRawValue(data);
        }

        json.WriteString("dueTime"u8, reminder.DueText);
        json.WriteString("period"u8, reminder.PeriodText);
        if (reminder.TtlText is { } ttl)
        {
            json.WriteString("ttl"u8, ttl);
        }

        json.WriteEndObject();
    }

    StateComponent Store() => sidecar.Components.ActorStore
        ?? throw new ApiException(500, StatusCode.Internal, "ERR_ACTOR_RUNTIME_NOT_FOUND", "no state store has actorStateStore set to true; set it on one of them");

    void RequireActive(ActorId id)
    {
        if (!_actors.IsActiveOn(id, sidecar))
        {
            throw new ApiException(400, StatusCode.InvalidArgument, "ERR_ACTOR_INSTANCE_MISSING", $"actor instance is missing: {id}");
        }
    }

    void RequireHosted(ActorId id, string what)
    {
        if (sidecar.ActorHost?.Entities.Contains(id.Type) != true)
        {
            throw new ApiException(403, StatusCode.PermissionDenied, $"ERR_ACTOR_{what}_NON_HOSTED", $"operations on actor {what.ToLowerInvariant()}s are only possible on hosted actor types");
        }
    }

    string Key(ActorId id, string key) => $"{sidecar.AppId}||{id.Type}||{id.Id}||{key}";

    static async Task<JsonElement> JsonAsync(HttpContext context)
    {
        using var document = JsonDocument.Parse(await RequestReader.BodyAsync(context));
        return document.RootElement.Clone();
    }
}
