namespace DevSidecar.Resiliency;

/// <summary>The retries that apply without any document. A document replaces one by naming it, except that for actors without a host.</summary>
static class BuiltIn
{
    public const string ServiceRetries = "DaprBuiltInServiceRetries";
    public const string ActorRetries = "DaprBuiltInActorRetries";
    public const string InitializationRetries = "DaprBuiltInInitializationRetries";
    public const string ActorNotFoundRetries = "DaprBuiltInActorNotFoundRetries";

    /// <summary>For calls to daprd's scheduler; reminders are kept in this process, so it is read and never needed.</summary>
    const string ActorReminderRetries = "DaprBuiltInActorReminderRetries";

    public static TimeSpan FirstExponentialInterval { get; } = TimeSpan.FromMilliseconds(500);

    public static bool IsBuiltIn(string name) => name is ServiceRetries or ActorRetries or InitializationRetries or ActorNotFoundRetries or ActorReminderRetries;

    public static Dictionary<string, RetryRule> Retries() => new(StringComparer.Ordinal)
    {
        [ServiceRetries] = EverySecond(3),
        [ActorRetries] = EverySecond(3),
        [ActorNotFoundRetries] = EverySecond(5),
        [InitializationRetries] = new(new(true, FirstExponentialInterval, TimeSpan.FromSeconds(1), 3, Randomization: 0.5)),
    };

    static RetryRule EverySecond(int times) => new(new(false, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60), times));
}
