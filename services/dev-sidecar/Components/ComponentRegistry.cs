using DevSidecar.Bindings;
using DevSidecar.DurableLog;
using DevSidecar.PubSub;
using DevSidecar.PubSub.Kafka;
using DevSidecar.Secrets;
using DevSidecar.State;

namespace DevSidecar.Components;

/// <summary>
/// Makes component instances. Replicas whose filled-in metadata are equal share an instance, so nine sidecars in one
/// process hold one connection pool; only what a template makes different is made twice.
/// </summary>
sealed class ComponentRegistry : IAsyncDisposable
{
    readonly IReadOnlyList<ComponentDefinition> _definitions;
    readonly IReadOnlyDictionary<string, string> _environment;
    readonly EmbeddedLog _log;
    readonly ConsumerGroups _groups;
    readonly TimeProvider _time;
    readonly ILogger _logger;
    readonly Dictionary<string, ISecretStore> _secrets = new(StringComparer.Ordinal);
    readonly Dictionary<string, object> _shared = new(StringComparer.Ordinal);
    readonly SemaphoreSlim _gate = new(1);
    readonly MetadataResolver _resolver;

    public ComponentRegistry(
        IReadOnlyList<ComponentDefinition> definitions, IReadOnlyDictionary<string, string> environment,
        EmbeddedLog log, ConsumerGroups groups, TimeProvider time, ILogger logger)
    {
        (_definitions, _environment, _log, _groups, _time, _logger) = (definitions, environment, log, groups, time, logger);
        _resolver = new(environment, (store, name, key) => _secrets.GetValueOrDefault(store)?.Get(name)?.GetValueOrDefault(key));
    }

    public static void CheckNames(IEnumerable<ComponentDefinition> definitions)
    {
        foreach (var duplicate in definitions.GroupBy(d => d.Name, StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            throw new SidecarConfigurationException(
                $"component '{duplicate.Key}' is defined {duplicate.Count()} times: {string.Join(", ", duplicate.Select(d => d.File))}. Give each its own name.");
        }
    }

    /// <summary>Loads every component whose metadata hold no template, so that mistakes stop the start and not the first call.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var definition in _definitions.Where(d => d.Block == "secretstores"))
        {
            var metadata = _resolver.Resolve(definition, null);
            _secrets[definition.Name] = definition.Type == "secretstores.local.env"
                ? new EnvironmentSecretStore(_environment, metadata["prefix"] ?? "")
                : new FileSecretStore(metadata);
            Log.ComponentLoaded(_logger, definition.Name, definition.Type, definition.Version);
        }

        // A broker is only a view of the log; anything else with a template would be made for an app that does not exist.
        var plain = _definitions.Where(d => d.Block == "pubsub" || !d.Metadata.Any(m => m.Value is { } v && TemplateValues.Appears(v)));
        await LoadAsync(plain, new("start-up", "start-up"), cancellationToken);
    }

    public Task<AppComponents> ForAsync(string appId, string instanceId, CancellationToken cancellationToken) =>
        LoadAsync(_definitions.Where(d => d.IsVisibleTo(appId)), new(appId, instanceId), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var shared in _shared.Values)
        {
            switch (shared)
            {
                case IAsyncDisposable disposable:
                    await disposable.DisposeAsync();
                    break;
                case IDisposable disposable:
                    disposable.Dispose();
                    break;
                default:
                    break;
            }
        }

        _gate.Dispose();
    }

    async Task<AppComponents> LoadAsync(IEnumerable<ComponentDefinition> definitions, TemplateValues templates, CancellationToken cancellationToken)
    {
        var components = new AppComponents();
        foreach (var definition in definitions)
        {
            if (definition.Block == "secretstores")
            {
                components.Secrets[definition.Name] = _secrets[definition.Name];
                components.Definitions.Add(definition);
                continue;
            }

            var metadata = _resolver.Resolve(definition, templates with { Namespace = definition.Namespace });
            try
            {
                await AddAsync(components, metadata, templates, cancellationToken);
                components.Definitions.Add(definition);
            }
            catch (Exception e) when (definition.IgnoreErrors && e is not OperationCanceledException)
            {
                Log.ComponentIgnored(_logger, definition.Name, e.Message);
            }
        }

        return components;
    }

    async Task AddAsync(AppComponents components, ComponentMetadata metadata, TemplateValues replica, CancellationToken cancellationToken)
    {
        var name = metadata.Definition.Name;
        switch (ComponentCatalog.Canonical(metadata.Definition.Type))
        {
            case "pubsub.kafka":
                components.PubSubs[name] = new(name, metadata, await KafkaAsync(metadata, KafkaMetadata.Group(metadata, replica.AppId, retries: true)));
                break;
            case "pubsub.in-memory":
                var bus = await SharedAsync(metadata, static () => new InMemoryBus());
                components.PubSubs[name] = new(name, metadata, new InMemoryBroker(bus, replica.AppId, _time, _logger));
                break;
            case "state.in-memory":
                var memory = await SharedAsync(metadata, () => new InMemoryStateStore(_time));
                components.States[name] = new(name, metadata, memory, replica.AppId);
                break;
            case "state.postgresql":
                var postgres = await SharedAsync(metadata, () => new PostgresStateStore(metadata, _time, _logger), s => s.InitialiseAsync(cancellationToken));
                components.States[name] = new(name, metadata, postgres, replica.AppId);
                break;
            case "bindings.cron":
                AddBothWays(components, metadata, new CronBinding(metadata, _time));
                break;
            case "bindings.smtp":
                components.Bindings[name] = await SharedAsync(metadata, () => new SmtpBinding(metadata, _logger));
                break;
            case "bindings.http":
                components.Bindings[name] = await SharedAsync(metadata, () => new HttpBinding(metadata));
                break;
            case "bindings.kafka":
                await AddKafkaBindingAsync(components, metadata, replica);
                break;
            case "bindings.localstorage":
                components.Bindings[name] = await SharedAsync(metadata, () => new LocalStorageBinding(metadata));
                break;
            default:
                throw new SidecarConfigurationException($"component '{name}': type {metadata.Definition.Type} is in the catalog but has no implementation.");
        }
    }

    /// <summary>A binding that reads and writes, as far as its metadata <c>direction</c> allows. Every replica has its own.</summary>
    static void AddBothWays<T>(AppComponents components, ComponentMetadata metadata, T binding)
        where T : IInputBinding, IOutputBinding
    {
        if (InputBinding.Of(metadata, binding) is { } input)
        {
            components.Inputs.Add(input);
        }

        if (InputBinding.HasDirection(metadata, "output", whenSilent: true))
        {
            components.Bindings[metadata.Definition.Name] = binding;
        }
    }

    /// <summary>Writes where it has a topic to write to and reads where it has topics to read.</summary>
    async Task AddKafkaBindingAsync(AppComponents components, ComponentMetadata metadata, TemplateValues replica)
    {
        var reads = InputBinding.HasDirection(metadata, "input", whenSilent: metadata["topics"] is not null);
        var writes = InputBinding.HasDirection(metadata, "output", whenSilent: metadata["publishTopic"] is not null);
        if (!reads && !writes)
        {
            throw metadata.Error("topics", "or publishTopic must name what is read or written");
        }

        // Unlike pub/sub, a binding gets no group from its app id.
        var group = KafkaMetadata.Group(metadata, "", retries: false);
        var broker = await KafkaAsync(metadata, group);
        if (reads)
        {
            if (group.Name.Length == 0)
            {
                throw metadata.Error("consumerGroup", "is required to read topics");
            }

            components.Inputs.Add(InputBinding.Of(metadata, new KafkaInputBinding(metadata, broker, replica.InstanceId))!);
        }

        if (writes)
        {
            components.Bindings[metadata.Definition.Name] = new KafkaOutputBinding(metadata, broker);
        }
    }

    /// <summary>Without brokers the durable log of this runtime stands in for Kafka.</summary>
    async Task<IBroker> KafkaAsync(ComponentMetadata metadata, KafkaGroup group) => metadata["brokers"] is null
        ? new LogBroker(_log, _groups, group)
        : new KafkaBroker(await SharedAsync(metadata, () => new KafkaConnection(metadata, _time, _logger)), group, _time, _logger);

    async Task<T> SharedAsync<T>(ComponentMetadata metadata, Func<T> create, Func<T, Task>? initialise = null)
        where T : class
    {
        await _gate.WaitAsync();
        try
        {
            if (_shared.TryGetValue(metadata.Fingerprint, out var existing))
            {
                return (T)existing;
            }

            var created = create();
            if (initialise is not null)
            {
                await initialise(created);
            }

            _shared[metadata.Fingerprint] = created;
            Log.ComponentLoaded(_logger, metadata.Definition.Name, metadata.Definition.Type, metadata.Definition.Version);
            return created;
        }
        finally
        {
            _gate.Release();
        }
    }
}
