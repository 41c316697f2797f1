namespace DevSidecar;

/// <summary>One replica of an app, to be given a logical sidecar.</summary>
public sealed record AppRegistration
{
    /// <summary>Dapr app id. Registrations with the same id are replicas of one app.</summary>
    public required string AppId { get; init; }

    /// <summary>Loopback port on which the app listens, now or later. 0 = an app that only calls out.</summary>
    public required int AppPort { get; init; }

    /// <summary>HTTP/1.1 port of the sidecar; 0 picks a free one.</summary>
    public int HttpPort { get; init; }

    /// <summary>gRPC (h2c) port of the sidecar; 0 picks a free one.</summary>
    public int GrpcPort { get; init; }

    /// <summary>Sent to the app as <c>dapr-api-token</c>.</summary>
    public string? AppApiToken { get; init; }

    /// <summary>Required from callers as <c>dapr-api-token</c>.</summary>
    public string? DaprApiToken { get; init; }

    /// <summary>What <c>{podName}</c> and <c>{uuid}</c> in component metadata become; null draws a random id.</summary>
    public string? InstanceId { get; init; }
}
