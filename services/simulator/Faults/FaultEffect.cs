namespace Forewarn.Simulator;

/// <summary>What a fault does to a host at one instant.</summary>
readonly record struct FaultEffect()
{
    /// <summary>Nothing.</summary>
    public static FaultEffect None { get; } = new();

    /// <summary>How far the processors are pushed from where they are to saturation, 0 to 1.</summary>
    public double Cpu { get; init; }

    /// <summary>Share of the processors that neighbours on the node take.</summary>
    public double Steal { get; init; }

    /// <summary>How far memory has grown from where it is to its limit, 0 to 1.</summary>
    public double Memory { get; init; }

    /// <summary>How far the disk has filled from where it is to its limit, 0 to 1.</summary>
    public double Disk { get; init; }

    /// <summary>Factor on request latency.</summary>
    public double Latency { get; init; } = 1;

    /// <summary>Factor on the processor time that a request takes.</summary>
    public double Work { get; init; } = 1;

    /// <summary>Factor on the requests that arrive.</summary>
    public double Traffic { get; init; } = 1;

    /// <summary>Share of requests that fail in addition.</summary>
    public double Errors { get; init; }

    /// <summary>Share of the network's bytes that no longer pass.</summary>
    public double Loss { get; init; }

    /// <summary>The application's exporter repeats what it told last.</summary>
    public bool Stuck { get; init; }

    /// <summary>The host reports nothing.</summary>
    public bool Silent { get; init; }

    /// <summary>How far the host's clock is ahead, seconds; negative = behind.</summary>
    public double SkewSeconds { get; init; }
}
