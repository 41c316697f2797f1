namespace Forewarn.Simulator;

/// <summary>What a fault does to a host at one instant; the default is nothing.</summary>
readonly record struct FaultEffect()
{
    /// <summary>How far the processors are pushed from where they are to saturation, 0 to 1.</summary>
    public double Cpu { get; init; }

    /// <summary>How far memory has grown from where it is to its limit, 0 to 1.</summary>
    public double Memory { get; init; }

    /// <summary>How far the disk has filled from where it is to its limit, 0 to 1.</summary>
    public double Disk { get; init; }

    /// <summary>Factor on request latency.</summary>
    public double Latency { get; init; } = 1;
}
