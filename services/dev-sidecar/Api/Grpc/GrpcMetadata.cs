using Dapr.Client.Autogen.Grpc.v1;
using DevSidecar.Health;

namespace DevSidecar.Api.Grpc;

/// <summary>The metadata document as a message.</summary>
static class GrpcMetadata
{
    public static GetMetadataResponse Of(AppSidecar sidecar)
    {
        var response = new GetMetadataResponse { Id = sidecar.AppId, RuntimeVersion = SidecarMetadata.Version };
        response.EnabledFeatures.AddRange(sidecar.Runtime.Configuration.Features);
        foreach (var (name, value) in SidecarMetadata.Extended(sidecar))
        {
            response.ExtendedMetadata[name] = value;
        }

        foreach (var component in sidecar.Components.Definitions)
        {
            var registered = new RegisteredComponents { Name = component.Name, Type = component.Type, Version = component.Version };
            registered.Capabilities.AddRange(SidecarMetadata.Capabilities(sidecar, component));
            response.RegisteredComponents.Add(registered);
        }

        foreach (var subscription in sidecar.Subscriptions)
        {
            var described = new PubsubSubscription
            {
                PubsubName = subscription.PubSub,
                Topic = subscription.Topic,
                DeadLetterTopic = subscription.DeadLetterTopic ?? "",
                Rules = new(),
                Type = subscription.Declarative ? PubsubSubscriptionType.Declarative : PubsubSubscriptionType.Programmatic,
            };
            described.Rules.Rules.AddRange(subscription.Rules.Select(r => new PubsubSubscriptionRule { Match = r.Match, Path = r.Path }));
            if (subscription.DefaultPath is { } path)
            {
                described.Rules.Rules.Add(new PubsubSubscriptionRule { Path = path });
            }

            response.Subscriptions.Add(described);
        }

        response.ActorRuntime = new()
        {
            RuntimeStatus = sidecar.State == AppSidecarState.WaitingForApp
                ? ActorRuntime.Types.ActorRuntimeStatus.Initializing
                : ActorRuntime.Types.ActorRuntimeStatus.Running,
            HostReady = sidecar is { State: AppSidecarState.Ready, ActorHost: not null },
            Placement = "placement: connected",
        };
        foreach (var (type, count) in sidecar.Runtime.Actors.ActiveOn(sidecar))
        {
            response.ActorRuntime.ActiveActors.Add(new ActiveActorsCount { Type = type, Count = count });
        }

        if (sidecar.AppPort > 0)
        {
            response.AppConnectionProperties = new() { Port = sidecar.AppPort, Protocol = "http", ChannelAddress = "127.0.0.1" };
        }

        return response;
    }
}
