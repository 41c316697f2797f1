using Grpc.Core;
using Grpc.Core.Interceptors;

namespace DevSidecar.Api.Grpc;

/// <summary>Checks the API token, turns errors of the API into gRPC statuses and counts the calls.</summary>
sealed class GrpcErrors(AppSidecar sidecar) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        var (started, status) = (sidecar.Time.GetTimestamp(), StatusCode.Unknown);
        try
        {
            if (!sidecar.TokenIsValid(context.RequestHeaders.GetValue("dapr-api-token")))
            {
                throw new RpcException(new(StatusCode.Unauthenticated, "authentication error: api token mismatch"));
            }

            var response = await continuation(request, context);
            status = StatusCode.OK;
            return response;
        }
        catch (RpcException e)
        {
            status = e.StatusCode;
            throw;
        }
        catch (ApiException e)
        {
            status = e.GrpcStatus;
            throw new RpcException(new(e.GrpcStatus, e.Message));
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
        {
            status = StatusCode.Cancelled;
            throw;
        }
        finally
        {
            sidecar.Telemetry.GrpcRequest(context.Method, status, sidecar.Time.GetElapsedTime(started));
        }
    }
}
