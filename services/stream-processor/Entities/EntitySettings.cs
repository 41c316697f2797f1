namespace Forewarn.StreamProcessor;

/// <summary>What all states of this process have in common.</summary>
/// <param name="MergeMs">How long a tick may wait for its parts.</param>
/// <param name="Producer">This process start.</param>
/// <param name="Rules">The users' rules now.</param>
/// <param name="ForgetMissingAfterMs">A series that is missing for longer is gone.</param>
sealed record EntitySettings(int MergeMs, string Producer, Func<RuleSet> Rules, long ForgetMissingAfterMs);
