namespace DevSidecar.PubSub;

/// <summary>A subscription of one app as accepted.</summary>
sealed record AppSubscription
{
    public required string PubSub { get; init; }

    public required string Topic { get; init; }

    public required IReadOnlyList<RoutingRule> Rules { get; init; }

    public string? DefaultPath { get; init; }

    public string? DeadLetterTopic { get; init; }

    public bool Bulk { get; init; }

    public int MaxMessagesCount { get; init; } = 80;

    public TimeSpan MaxAwait { get; init; } = TimeSpan.FromSeconds(10);

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    public bool Declarative { get; init; }

    public bool RawPayload => CloudEvents.Flag(Metadata, "rawPayload");
}

/// <summary>First rule whose expression holds wins. A rule without expression always holds.</summary>
sealed record RoutingRule(string Match, Func<System.Text.Json.JsonElement, bool> Applies, string Path);
