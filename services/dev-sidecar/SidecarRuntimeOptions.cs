using Microsoft.Extensions.Logging.Abstractions;

namespace DevSidecar;

/// <summary>What a <see cref="SidecarRuntime"/> needs to start.</summary>
public sealed record SidecarRuntimeOptions
{
    /// <summary>Flat folders of Dapr YAML (components, subscriptions, resiliency, configuration). Sub-folders are not read.</summary>
    public required IReadOnlyList<string> ResourcesPaths { get; init; }

    /// <summary>Where the durable log and the actor reminders live. Created when missing. One runtime per directory.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>What <c>envRef</c> and <c>secretstores.local.env</c> read; null means the environment of this process.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Largest request body any sidecar accepts, in bytes. Default 4 MiB, as daprd.</summary>
    public int MaxBodyBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Partitions of a topic when it is first used. Existing topics keep theirs. Default 12.</summary>
    public int Partitions { get; init; } = 12;

    /// <summary>Bytes the durable log keeps over all topics. Default 1 GiB.</summary>
    public long LogRetentionBytes { get; init; } = 1024L * 1024 * 1024;

    /// <summary>Age after which records are deleted, read or not. Default 24 hours.</summary>
    public TimeSpan LogRetention { get; init; } = TimeSpan.FromHours(24);

    /// <summary>
    /// How long <see cref="SidecarRuntime.BlockShutdownAsync"/> keeps the API answering when nothing is delivered any more;
    /// daprd's <c>--dapr-block-shutdown-duration</c>. Null (the default): not at all.
    /// </summary>
    public TimeSpan? BlockShutdown { get; init; }

    /// <summary>
    /// How long the end of input bindings, and of the command, waits for what is still running; daprd's
    /// <c>--dapr-graceful-shutdown-seconds</c>. Default 5 seconds.
    /// </summary>
    public TimeSpan GracefulShutdown { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Loopback port of the admin page; 0 picks a free one, null (the default) opens none.</summary>
    public int? AdminPort { get; init; }
}
