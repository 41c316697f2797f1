namespace Forewarn.Contracts;

/// <summary>Topic <c>&lt;topic&gt;.dead</c>: a message that no retry can mend, with the reason.</summary>
public sealed record DeadLetter
{
    public int V { get; init; } = 1;

    /// <summary>The topic it was read from.</summary>
    public required string Topic { get; init; }

    /// <summary>The app that refused it.</summary>
    public required string App { get; init; }

    public required string Reason { get; init; }

    /// <summary>The data as it was received.</summary>
    public required byte[] Original { get; init; }

    public required long At { get; init; }
}
