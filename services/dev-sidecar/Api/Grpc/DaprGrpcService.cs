using Dapr.Client.Autogen.Grpc.v1;
using DevSidecar.Api.Http;
using DevSidecar.Bindings;
using DevSidecar.PubSub;
using DevSidecar.State;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace DevSidecar.Api.Grpc;

/// <summary>The gRPC API of one logical sidecar.</summary>
sealed class DaprGrpcService(AppSidecar sidecar) : DaprGrpcBase
{
    static readonly Empty Nothing = new();

    readonly Publisher _publisher = new(sidecar);

    public override async Task<Empty> PublishEvent(PublishEventRequest request, ServerCallContext context)
    {
        var headers = context.RequestHeaders;
        await _publisher.PublishAsync(
            request.PubsubName, request.Topic, new(request.Data.Memory, request.DataContentType, request.Metadata.AsReadOnly()),
            headers.GetValue("traceparent"), headers.GetValue("tracestate"), context.CancellationToken);
        return Nothing;
    }

    public override async Task<BulkPublishResponse> BulkPublishEvent(BulkPublishRequest request, ServerCallContext context)
    {
        var entries = new BulkEntry[request.Entries.Count];
        for (var i = 0; i < entries.Length; i++)
        {
            var entry = request.Entries[i];
            entries[i] = new(entry.EntryId, new(entry.Event.Memory, entry.ContentType, entry.Metadata.AsReadOnly()));
        }

        var headers = context.RequestHeaders;
        await _publisher.PublishBulkAsync(
            request.PubsubName, request.Topic, entries, request.Metadata.AsReadOnly(),
            headers.GetValue("traceparent"), headers.GetValue("tracestate"), context.CancellationToken);
        return new();
    }

    public override Task<BulkPublishResponse> BulkPublishEventAlpha1(BulkPublishRequest request, ServerCallContext context) =>
        BulkPublishEvent(request, context);

    public override async Task<GetStateResponse> GetState(GetStateRequest request, ServerCallContext context)
    {
        var store = sidecar.Components.State(request.StoreName);
        var key = store.Key(request.Key);
        var value = await store.RunAsync("get", (s, token) => s.GetAsync(key, token), sidecar, context.CancellationToken);
        if (value is null)
        {
            return new();
        }

        var response = new GetStateResponse { Data = UnsafeByteOperations.UnsafeWrap(value.Data), Etag = value.ETag };
        if (value.Expires is { } expires)
        {
            response.Metadata["ttlExpireTime"] = StateComponent.ExpireTime(expires);
        }

        return response;
    }

    public override async Task<GetBulkStateResponse> GetBulkState(GetBulkStateRequest request, ServerCallContext context)
    {
        var store = sidecar.Components.State(request.StoreName);
        var keys = request.Keys.Distinct(StringComparer.Ordinal).ToDictionary(k => k, store.Key, StringComparer.Ordinal);
        var found = await store.RunAsync("bulk_get", (s, token) => s.GetManyAsync([.. keys.Values], token), sidecar, context.CancellationToken);
        var response = new GetBulkStateResponse();
        foreach (var (key, full) in keys)
        {
            var item = new BulkStateItem { Key = key };
            if (found.TryGetValue(full, out var value))
            {
                item.Data = UnsafeByteOperations.UnsafeWrap(value.Data);
                item.Etag = value.ETag;
            }

            response.Items.Add(item);
        }

        return response;
    }

    public override async Task<Empty> SaveState(SaveStateRequest request, ServerCallContext context)
    {
        var store = sidecar.Components.State(request.StoreName);
        var writes = request.States.Select(i => Upsert(store, i)).ToList();
        await Task.WhenAll(writes.Select(w => RunAsync(store, "set", (s, token) => s.WriteAsync(w, token), context.CancellationToken)));
        return Nothing;
    }

    public override async Task<Empty> DeleteState(DeleteStateRequest request, ServerCallContext context)
    {
        var store = sidecar.Components.State(request.StoreName);
        var write = store.Delete(request.Key, request.Etag?.Value, FirstWrite(request.Options));
        await RunAsync(store, "delete", (s, token) => s.WriteAsync(write, token), context.CancellationToken);
        return Nothing;
    }

    public override async Task<Empty> DeleteBulkState(DeleteBulkStateRequest request, ServerCallContext context)
    {
        var store = sidecar.Components.State(request.StoreName);
        var writes = request.States.Select(i => store.Delete(i.Key, i.Etag?.Value, FirstWrite(i.Options))).ToList();
        await Task.WhenAll(writes.Select(w => RunAsync(store, "bulk_delete", (s, token) => s.WriteAsync(w, token), context.CancellationToken)));
        return Nothing;
    }

    public override async Task<Empty> ExecuteStateTransaction(ExecuteStateTransactionRequest request, ServerCallContext context)
    {
        var store = sidecar.Components.State(request.StoreName);
        var writes = request.Operations.Select(o => o.OperationType switch
        {
            "upsert" => Upsert(store, o.Request),
            "delete" => store.Delete(o.Request.Key, o.Request.Etag?.Value, FirstWrite(o.Request.Options)),
            var other => throw new ApiException(400, StatusCode.Unimplemented, "ERR_NOT_SUPPORTED_STATE_OPERATION", $"operation type {other} not supported"),
        }).ToList();
        await RunAsync(store, "transaction", (s, token) => s.TransactAsync(writes, token), context.CancellationToken);
        return Nothing;
    }

    public override async Task<InvokeBindingResponse> InvokeBinding(InvokeBindingRequest request, ServerCallContext context)
    {
        var answer = await BindingInvoker.InvokeAsync(
            sidecar, request.Name, new(request.Operation, request.Data.Memory, request.Metadata.AsReadOnly()), context.CancellationToken);
        var response = new InvokeBindingResponse { Data = answer.Data is { } data ? UnsafeByteOperations.UnsafeWrap(data) : ByteString.Empty };
        foreach (var (name, value) in answer.Metadata)
        {
            response.Metadata[name] = value;
        }

        return response;
    }

    public override Task<GetSecretResponse> GetSecret(GetSecretRequest request, ServerCallContext context)
    {
        var response = new GetSecretResponse();
        foreach (var (name, value) in SecretApi.Read(sidecar, request.StoreName, request.Key))
        {
            response.Data[name] = value;
        }

        return Task.FromResult(response);
    }

    public override Task<GetBulkSecretResponse> GetBulkSecret(GetBulkSecretRequest request, ServerCallContext context)
    {
        var response = new GetBulkSecretResponse();
        foreach (var (name, values) in SecretApi.ReadAll(sidecar, request.StoreName))
        {
            var secret = new SecretResponse();
            foreach (var (key, value) in values)
            {
                secret.Secrets[key] = value;
            }

            response.Data[name] = secret;
        }

        return Task.FromResult(response);
    }

    public override Task<GetMetadataResponse> GetMetadata(GetMetadataRequest request, ServerCallContext context) =>
        Task.FromResult(GrpcMetadata.Of(sidecar));

    public override Task<Empty> SetMetadata(SetMetadataRequest request, ServerCallContext context)
    {
        sidecar.Extended[request.Key] = request.Value;
        return Task.FromResult(Nothing);
    }

    public override Task<Empty> Shutdown(ShutdownRequest request, ServerCallContext context)
    {
        context.GetHttpContext().Response.OnCompleted(() =>
        {
            _ = sidecar.DisposeAsync().AsTask();
            return Task.CompletedTask;
        });
        return Task.FromResult(Nothing);
    }

    static StateWrite Upsert(StateComponent store, StateItem item) =>
        store.Write(item.Key, item.Value.ToByteArray(), item.Etag?.Value, FirstWrite(item.Options), item.Metadata.AsReadOnly());

    static bool FirstWrite(StateOptions? options) => options?.Concurrency == StateOptions.Types.StateConcurrency.ConcurrencyFirstWrite;

    Task<bool> RunAsync(StateComponent store, string operation, Func<IStateStore, CancellationToken, Task> action, CancellationToken cancellationToken) => store.RunAsync(
        operation,
        async (s, token) =>
        {
            await action(s, token);
            return true;
        },
        sidecar, cancellationToken);
}
