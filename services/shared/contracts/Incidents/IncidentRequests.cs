namespace Forewarn.Contracts;

/// <summary>Who acknowledges or resolves, and why.</summary>
public sealed record IncidentActionRequest
{
    public string? Who { get; init; }
    public string? Text { get; init; }
}

/// <summary>Who is to look after it; null takes the assignment back.</summary>
public sealed record AssignRequest
{
    public string? Assignee { get; init; }
    public string? Who { get; init; }
}

/// <summary>What somebody has to say.</summary>
public sealed record CommentRequest
{
    public required string Text { get; init; }
    public string? Who { get; init; }
}

/// <summary>Something was changed on purpose: a deployment, a setting, a restart.</summary>
public sealed record ChangeRequest
{
    public required string Entity { get; init; }
    public required string Text { get; init; }
    public string? Who { get; init; }

    /// <summary>Unix milliseconds; now when absent.</summary>
    public long? At { get; init; }
}
