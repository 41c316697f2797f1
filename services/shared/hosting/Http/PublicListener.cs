using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Forewarn.Hosting;

/// <summary>A listener for the outside, apart from the app port that belongs to the sidecar.</summary>
public sealed record PublicListener(IPAddress Address, int Port)
{
    /// <summary>Ports beside it that are for the outside too, each with endpoints of its own.</summary>
    public IReadOnlyCollection<int> MorePorts { get; init; } = [];

    public bool IsLoopback => IPAddress.IsLoopback(Address);

    /// <summary>Whether a port is for the outside.</summary>
    public bool Has(int port) => port == Port || MorePorts.Contains(port);
}

public static class PublicListenerExtensions
{
    /// <summary>Listens on <paramref name="address"/> and <paramref name="port"/> besides the app port.</summary>
    /// <param name="morePorts">As <see cref="PublicListener.MorePorts"/>; who names them listens on them.</param>
    public static PublicListener AddPublicListener(this WebApplicationBuilder builder, IPAddress address, int port, params IReadOnlyCollection<int> morePorts)
    {
        var listener = new PublicListener(address, port) { MorePorts = morePorts };
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(address, port));
        builder.Services.AddSingleton(listener);
        return listener;
    }

    /// <summary>These endpoints answer on the public listener only; elsewhere they do not exist.</summary>
    public static TBuilder OnlyOn<TBuilder>(this TBuilder endpoints, PublicListener listener)
        where TBuilder : IEndpointConventionBuilder => endpoints.AddEndpointFilterFactoryFor(port => port == listener.Port);

    /// <summary>These endpoints answer on these ports only; elsewhere they do not exist.</summary>
    public static TBuilder OnlyOn<TBuilder>(this TBuilder endpoints, params IReadOnlyCollection<int> ports)
        where TBuilder : IEndpointConventionBuilder => endpoints.AddEndpointFilterFactoryFor(ports.Contains);

    /// <summary>These endpoints answer on the app port only, for other services through their sidecars.</summary>
    public static TBuilder NeverOn<TBuilder>(this TBuilder endpoints, PublicListener listener)
        where TBuilder : IEndpointConventionBuilder => endpoints.AddEndpointFilterFactoryFor(port => !listener.Has(port));

    static TBuilder AddEndpointFilterFactoryFor<TBuilder>(this TBuilder endpoints, Func<int, bool> allowed)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoints.Add(builder =>
        {
            var inner = builder.RequestDelegate;
            builder.RequestDelegate = context =>
            {
                if (inner is not null && allowed(context.Connection.LocalPort))
                    return inner(context);
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            };
        });
        return endpoints;
    }
}
