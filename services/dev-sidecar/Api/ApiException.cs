using Grpc.Core;

namespace DevSidecar.Api;

/// <summary>An error as the API reports it: HTTP status with Dapr's error code, and gRPC status.</summary>
sealed class ApiException(int httpStatus, StatusCode grpcStatus, string errorCode, string message) : Exception(message)
{
    public int HttpStatus => httpStatus;

    public StatusCode GrpcStatus => grpcStatus;

    public string ErrorCode => errorCode;

    public static ApiException BadRequest(string message) => new(400, StatusCode.InvalidArgument, "ERR_MALFORMED_REQUEST", message);
}
