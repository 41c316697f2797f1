using Dapr.Client.Autogen.Grpc.v1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace DevSidecar.Api.Grpc;

/// <summary>
/// Server side of <c>dapr.proto.runtime.v1.Dapr</c>. Dapr.Protos ships messages and client only, so the methods are bound
/// here by name. What is not bound answers Unimplemented, as clients expect of an older daprd.
/// </summary>
[BindServiceMethod(typeof(DaprGrpcBase), nameof(BindService))]
abstract class DaprGrpcBase
{
    const string Service = "dapr.proto.runtime.v1.Dapr";

    public abstract Task<Empty> PublishEvent(PublishEventRequest request, ServerCallContext context);

    public abstract Task<BulkPublishResponse> BulkPublishEvent(BulkPublishRequest request, ServerCallContext context);

    public abstract Task<BulkPublishResponse> BulkPublishEventAlpha1(BulkPublishRequest request, ServerCallContext context);

    public abstract Task<GetStateResponse> GetState(GetStateRequest request, ServerCallContext context);

    public abstract Task<GetBulkStateResponse> GetBulkState(GetBulkStateRequest request, ServerCallContext context);

    public abstract Task<Empty> SaveState(SaveStateRequest request, ServerCallContext context);

    public abstract Task<Empty> DeleteState(DeleteStateRequest request, ServerCallContext context);

    public abstract Task<Empty> DeleteBulkState(DeleteBulkStateRequest request, ServerCallContext context);

    public abstract Task<Empty> ExecuteStateTransaction(ExecuteStateTransactionRequest request, ServerCallContext context);

    public abstract Task<InvokeBindingResponse> InvokeBinding(InvokeBindingRequest request, ServerCallContext context);

    public abstract Task<GetSecretResponse> GetSecret(GetSecretRequest request, ServerCallContext context);

    public abstract Task<GetBulkSecretResponse> GetBulkSecret(GetBulkSecretRequest request, ServerCallContext context);

    public abstract Task<GetMetadataResponse> GetMetadata(GetMetadataRequest request, ServerCallContext context);

    public abstract Task<Empty> SetMetadata(SetMetadataRequest request, ServerCallContext context);

    public abstract Task<Empty> Shutdown(ShutdownRequest request, ServerCallContext context);

    public static void BindService(ServiceBinderBase binder, DaprGrpcBase? service)
    {
        Add<PublishEventRequest, Empty>(binder, nameof(PublishEvent), service is null ? null : service.PublishEvent);
        Add<BulkPublishRequest, BulkPublishResponse>(binder, nameof(BulkPublishEvent), service is null ? null : service.BulkPublishEvent);
        Add<BulkPublishRequest, BulkPublishResponse>(binder, nameof(BulkPublishEventAlpha1), service is null ? null : service.BulkPublishEventAlpha1);
        Add<GetStateRequest, GetStateResponse>(binder, nameof(GetState), service is null ? null : service.GetState);
        Add<GetBulkStateRequest, GetBulkStateResponse>(binder, nameof(GetBulkState), service is null ? null : service.GetBulkState);
        Add<SaveStateRequest, Empty>(binder, nameof(SaveState), service is null ? null : service.SaveState);
        Add<DeleteStateRequest, Empty>(binder, nameof(DeleteState), service is null ? null : service.DeleteState);
        Add<DeleteBulkStateRequest, Empty>(binder, nameof(DeleteBulkState), service is null ? null : service.DeleteBulkState);
        Add<ExecuteStateTransactionRequest, Empty>(binder, nameof(ExecuteStateTransaction), service is null ? null : service.ExecuteStateTransaction);
        Add<InvokeBindingRequest, InvokeBindingResponse>(binder, nameof(InvokeBinding), service is null ? null : service.InvokeBinding);
        Add<GetSecretRequest, GetSecretResponse>(binder, nameof(GetSecret), service is null ? null : service.GetSecret);
        Add<GetBulkSecretRequest, GetBulkSecretResponse>(binder, nameof(GetBulkSecret), service is null ? null : service.GetBulkSecret);
        Add<GetMetadataRequest, GetMetadataResponse>(binder, nameof(GetMetadata), service is null ? null : service.GetMetadata);
        Add<SetMetadataRequest, Empty>(binder, nameof(SetMetadata), service is null ? null : service.SetMetadata);
        Add<ShutdownRequest, Empty>(binder, nameof(Shutdown), service is null ? null : service.Shutdown);
    }

    static void Add<TRequest, TResponse>(ServiceBinderBase binder, string name, UnaryServerMethod<TRequest, TResponse>? handler)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        binder.AddMethod(new Method<TRequest, TResponse>(MethodType.Unary, Service, name, ProtoMarshaller.For<TRequest>(), ProtoMarshaller.For<TResponse>()), handler);
}
