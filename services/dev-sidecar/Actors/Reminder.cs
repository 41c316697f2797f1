namespace DevSidecar.Actors;

/// <summary>A stored reminder. <paramref name="Data"/> is JSON as it was sent; texts of dueTime and period are kept for GET.</summary>
sealed record Reminder(
    ActorId Actor, string Name, string? Data, string DueText, string PeriodText, string? TtlText,
    DateTimeOffset Due, TimeSpan? Period, int Left, DateTimeOffset? Expires, FailurePolicy OnFailure);
