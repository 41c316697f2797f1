namespace Forewarn.Launcher.Platform;

/// <summary>A process to be kept running.</summary>
sealed record ProcessSpec
{
    /// <summary>App id, or <c>postgres</c>.</summary>
    public required string Name { get; init; }

    /// <summary>0 for the first.</summary>
    public int Replica { get; init; }

    public required string FileName { get; init; }
    public required IReadOnlyList<string> Arguments { get; init; }
    public required string WorkingDirectory { get; init; }

    /// <summary>The whole environment; nothing else is inherited.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>User to run as when the launcher is root; null = as the launcher.</summary>
    public string? UserName { get; init; }

    /// <summary>What asks it to end.</summary>
    public int StopSignal { get; init; } = Libc.SigTerm;

    /// <summary>Whether the signal goes to its helpers too. PostgreSQL passes it on by itself, in its own order.</summary>
    public bool SignalGroup { get; init; } = true;

    /// <summary>As shown and as named in log files: <c>predictor</c>, <c>predictor-1</c>.</summary>
    public string Label => Replica == 0 ? Name : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Name}-{Replica}");
}
