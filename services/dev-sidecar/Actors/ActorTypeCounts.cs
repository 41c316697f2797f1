namespace DevSidecar.Actors;

/// <summary>How busy the actors of one type are on one replica.</summary>
readonly record struct ActorTypeCounts(string Type, long PendingCalls, long Timers, long Reminders);
