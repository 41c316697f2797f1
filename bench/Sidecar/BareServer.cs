using Dapr.Client.Autogen.Grpc.v1;
using DevSidecar.Api.Grpc;
using DevSidecar;
using Google.Protobuf.WellKnownTypes;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Forewarn.Bench.Sidecar;

/// <summary>What a hop costs without a sidecar: ASP.NET Core that reads the same messages over gRPC or HTTP and answers at once.</summary>
sealed class BareServer(WebApplication app, int httpPort, int grpcPort) : IAsyncDisposable
{
    public Uri Http { get; } = new($"http://127.0.0.1:{httpPort}");
    public Uri Grpc { get; } = new($"http://127.0.0.1:{grpcPort}");

    public static async Task<BareServer> StartAsync()
    {
        var (http, grpc) = (FreePorts.Next(), FreePorts.Next());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ListenLocalhost(http, listener => listener.Protocols = HttpProtocols.Http1);
            kestrel.ListenLocalhost(grpc, listener => listener.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddGrpc(options => options.MaxReceiveMessageSize = null);
        var app = builder.Build();
        app.MapGrpcService<BareDapr>();
        app.MapPost("/echo/{answerBytes:int}", EchoAsync);
        await app.StartAsync();
        return new BareServer(app, http, grpc);
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    static async Task EchoAsync(HttpContext context, int answerBytes)
    {
        await context.Request.Body.CopyToAsync(Stream.Null);
        context.Response.ContentLength = answerBytes;
        await context.Response.Body.WriteAsync(new byte[answerBytes]);
    }
}

sealed class BareDapr : BareDaprBase;

/// <summary>Dapr's methods doing nothing, so that the same client calls it. gRPC wants them virtual.</summary>
[BindServiceMethod(typeof(BareDaprBase), nameof(BindService))]
abstract class BareDaprBase
{
    const string Service = "dapr.proto.runtime.v1.Dapr";

    public virtual Task<Empty> PublishEvent(PublishEventRequest request, ServerCallContext context) => Task.FromResult(new Empty());

    public virtual Task<BulkPublishResponse> BulkPublishEvent(BulkPublishRequest request, ServerCallContext context) => Task.FromResult(new BulkPublishResponse());

    public virtual Task<GetStateResponse> GetState(GetStateRequest request, ServerCallContext context) => Task.FromResult(new GetStateResponse());

    public virtual Task<Empty> SaveState(SaveStateRequest request, ServerCallContext context) => Task.FromResult(new Empty());

    public static void BindService(ServiceBinderBase binder, BareDaprBase? service)
    {
        Add<PublishEventRequest, Empty>(binder, nameof(PublishEvent), service is null ? null : service.PublishEvent);
        Add<BulkPublishRequest, BulkPublishResponse>(binder, nameof(BulkPublishEvent), service is null ? null : service.BulkPublishEvent);
        Add<GetStateRequest, GetStateResponse>(binder, nameof(GetState), service is null ? null : service.GetState);
        Add<SaveStateRequest, Empty>(binder, nameof(SaveState), service is null ? null : service.SaveState);
    }

    static void Add<TRequest, TResponse>(ServiceBinderBase binder, string name, UnaryServerMethod<TRequest, TResponse>? handler)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        binder.AddMethod(new Method<TRequest, TResponse>(MethodType.Unary, Service, name, ProtoMarshaller.For<TRequest>(), ProtoMarshaller.For<TResponse>()), handler);
}
