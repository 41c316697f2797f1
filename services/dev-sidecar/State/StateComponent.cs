using System.Globalization;
using DevSidecar.Api;
using DevSidecar.Components;
using DevSidecar.Resiliency;
using Grpc.Core;

namespace DevSidecar.State;

/// <summary>A state store component as one app sees it: key prefix, key rules, TTL, errors in Dapr's codes.</summary>
sealed class StateComponent(string name, ComponentMetadata metadata, IStateStore store, string appId)
{
    const string Separator = "||";

    public string Name => name;

    public ComponentMetadata Metadata => metadata;

    public IStateStore Store => store;

    public bool IsActorStore => metadata.Flag("actorStateStore");

    /// <summary>The key as stored: <c>{appId}||{key}</c> unless keyPrefix says otherwise.</summary>
    public string Key(string key)
    {
        if (key.Contains(Separator, StringComparison.Ordinal))
        {
            throw new ApiException(400, StatusCode.InvalidArgument, "ERR_MALFORMED_REQUEST", $"input key/keyPrefix '{key}' can't contain '{Separator}'");
        }

        return (metadata["keyPrefix"] ?? "appid") switch
        {
            "none" => key,
            "appid" => appId + Separator + key,
            "name" => name + Separator + key,
            "namespace" => $"{metadata.Definition.Namespace}.{appId}{Separator}{key}",
            var custom => custom + Separator + key,
        };
    }

    public StateWrite Write(string key, byte[] value, string? etag, bool firstWrite, IReadOnlyDictionary<string, string> request) =>
        new(Key(key), value, NullIfEmpty(etag), firstWrite, TimeToLive(request));

    public StateWrite Delete(string key, string? etag, bool firstWrite) => StateWrite.Delete(Key(key), NullIfEmpty(etag), firstWrite);

    /// <summary>Runs one operation and turns the store's errors into the API's.</summary>
    public async Task<T> RunAsync<T>(
        string operation, Func<IStateStore, CancellationToken, Task<T>> action, AppSidecar sidecar, CancellationToken cancellationToken)
    {
        var started = sidecar.Time.GetTimestamp();
        var success = false;
        try
        {
            var result = await sidecar.Guards.Outbound(name, "Statestore").RunAsync(token => action(store, token), null, OutcomeOf, cancellationToken);
            success = true;
            return result;
        }
        catch (ETagMismatchException e)
        {
            throw operation == "transaction"
                ? new ApiException(500, StatusCode.Internal, "ERR_STATE_TRANSACTION", e.Message)
                : new ApiException(409, StatusCode.Aborted, Code(operation), $"failed saving state in state store {name}: {e.Message}");
        }
        catch (ETagInvalidException e)
        {
            throw operation == "transaction"
                ? new ApiException(500, StatusCode.Internal, "ERR_STATE_TRANSACTION", e.Message)
                : new ApiException(400, StatusCode.InvalidArgument, Code(operation), e.Message);
        }
        catch (Exception e) when (e is System.Data.Common.DbException or TimeoutException or CircuitOpenException)
        {
            throw new ApiException(500, StatusCode.Internal, operation == "transaction" ? "ERR_STATE_TRANSACTION" : Code(operation), $"state store {name}: {e.Message}");
        }
        finally
        {
            sidecar.Telemetry.State(name, operation, success, sidecar.Time.GetElapsedTime(started));
        }
    }

    public static TimeSpan? TimeToLive(IReadOnlyDictionary<string, string> request)
    {
        if (!request.TryGetValue("ttlInSeconds", out var text))
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds)
            ? seconds > 0 ? TimeSpan.FromSeconds(seconds) : null
            : throw ApiException.BadRequest($"ttlInSeconds '{text}' is not a whole number of seconds");
    }

    public static string ExpireTime(DateTimeOffset expires) => expires.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>A conflict is an answer of the store: neither worth another attempt nor a reason to open its breaker.</summary>
    static Outcome OutcomeOf(Exception exception) => exception switch
    {
        ETagMismatchException or ETagInvalidException => Outcome.Success,
        System.Data.Common.DbException { IsTransient: true } => Outcome.Failure,
        _ => Outcome.Final,
    };

    static string Code(string operation) => operation switch
    {
        "get" or "bulk_get" => "ERR_STATE_GET",
        "delete" => "ERR_STATE_DELETE",
        _ => "ERR_STATE_SAVE",
    };

    static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
