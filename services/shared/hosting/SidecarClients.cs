using Dapr.Client;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Forewarn.Hosting;

static class SidecarClients
{
    const int MaxMessageBytes = 16 * 1024 * 1024;

    public static IServiceCollection AddSidecarClients(this IServiceCollection services)
    {
        services.AddSingleton(provider =>
        {
            var environment = provider.GetRequiredService<SidecarEnvironment>();
            var builder = new DaprClientBuilder()
                .UseHttpEndpoint(environment.HttpEndpoint.ToString())
                .UseGrpcEndpoint(environment.GrpcEndpoint.ToString())
                .UseGrpcChannelOptions(new GrpcChannelOptions { MaxReceiveMessageSize = MaxMessageBytes });
            if (environment.DaprApiToken is { } token)
                builder.UseDaprApiToken(token);
            return builder.Build();
        });
        // The SDK's bulk publish cannot carry a partition key per entry; the generated client can.
        services.AddSingleton(provider =>
        {
            var environment = provider.GetRequiredService<SidecarEnvironment>();
            var channel = GrpcChannel.ForAddress(environment.GrpcEndpoint, new GrpcChannelOptions { MaxReceiveMessageSize = MaxMessageBytes });
            var invoker = environment.DaprApiToken is { } token
                ? channel.Intercept(metadata => { metadata.Add("dapr-api-token", token); return metadata; })
                : channel.CreateCallInvoker();
            return new Dapr.Client.Autogen.Grpc.v1.Dapr.DaprClient(invoker);
        });
        services.AddSingleton<KeyedPublisher>();
        services.AddSingleton<DeadLetters>();
        services.AddSingleton<SchemaRegistry>();
        services.AddSingleton<CheckpointStore>();
        services.AddHttpClient<ServiceInvoker>((provider, http) =>
        {
            var environment = provider.GetRequiredService<SidecarEnvironment>();
            http.BaseAddress = environment.HttpEndpoint;
            if (environment.DaprApiToken is { } token)
                http.DefaultRequestHeaders.Add("dapr-api-token", token);
        });
        return services;
    }
}
