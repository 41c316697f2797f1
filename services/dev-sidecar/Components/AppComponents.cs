using DevSidecar.Api;
using DevSidecar.Bindings;
using DevSidecar.PubSub;
using DevSidecar.Secrets;
using DevSidecar.State;
using Grpc.Core;

namespace DevSidecar.Components;

/// <summary>The components one app replica sees.</summary>
sealed class AppComponents
{
    public List<ComponentDefinition> Definitions { get; } = [];

    public Dictionary<string, PubSubComponent> PubSubs { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, StateComponent> States { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, IOutputBinding> Bindings { get; } = new(StringComparer.Ordinal);

    public List<InputBinding> Inputs { get; } = [];

    public Dictionary<string, ISecretStore> Secrets { get; } = new(StringComparer.Ordinal);

    public StateComponent? ActorStore => States.Values.FirstOrDefault(s => s.IsActorStore);

    public StateComponent State(string name) => States.TryGetValue(name, out var store) ? store
        : States.Count == 0
            ? throw new ApiException(500, StatusCode.FailedPrecondition, "ERR_STATE_STORE_NOT_CONFIGURED", "state store is not configured")
            : throw new ApiException(400, StatusCode.InvalidArgument, "ERR_STATE_STORE_NOT_FOUND", $"state store {name} is not found");

    public PubSubComponent PubSub(string name) => PubSubs.TryGetValue(name, out var pubSub) ? pubSub
        : name.Length == 0
            ? throw new ApiException(404, StatusCode.InvalidArgument, "ERR_PUBSUB_EMPTY", "pubsub name is empty")
            : PubSubs.Count == 0
                ? throw new ApiException(400, StatusCode.FailedPrecondition, "ERR_PUBSUB_NOT_CONFIGURED", "no pubsub is configured")
                : throw new ApiException(404, StatusCode.InvalidArgument, "ERR_PUBSUB_NOT_FOUND", $"pubsub {name} is not found");

    public ISecretStore Secret(string name) => Secrets.TryGetValue(name, out var store) ? store
        : Secrets.Count == 0
            ? throw new ApiException(500, StatusCode.FailedPrecondition, "ERR_SECRET_STORES_NOT_CONFIGURED", "secret store is not configured")
            : throw new ApiException(401, StatusCode.InvalidArgument, "ERR_SECRET_STORE_NOT_FOUND", $"failed finding secret store with key {name}");
}
