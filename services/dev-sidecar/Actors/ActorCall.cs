namespace DevSidecar.Actors;

/// <summary>A call to an actor, bytes and headers as they came.</summary>
sealed record ActorCall(string Path, byte[] Body, string? ContentType, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    public const string ReentrancyHeader = "Dapr-Reentrancy-Id";

    public string? ReentrancyId => Headers.FirstOrDefault(h => h.Key.Equals(ReentrancyHeader, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>Only where the actor is active already; a timer must not bring an actor back.</summary>
    public bool OnlyIfActive { get; init; }
}

/// <summary>The app's answer, to be passed on unchanged.</summary>
sealed record ActorReply(int Status, byte[] Body, string? ContentType, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    public bool Succeeded => Status is >= 200 and < 300;
}
