using Grpc.Core;
using Grpc.Core.Interceptors;

namespace DevSidecar.Api.Grpc;

/// <summary>Checks the API token and turns errors of the API into gRPC statuses.</summary>
sealed class GrpcErrors(AppSidecar sidecar) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        if (!sidecar.TokenIsValid(context.RequestHeaders.GetValue("dapr-api-token")))
        {
            throw new RpcException(new(StatusCode.Unauthenticated, "authentication error: api token mismatch"));
        }

        try
        {
            return await continuation(request, context);
        }
        catch (ApiException e)
        {
            throw new RpcException(new(e.GrpcStatus, e.Message));
        }
    }
}
