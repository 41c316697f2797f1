namespace Forewarn.Simulator;

/// <summary>One second of a host, by name.</summary>
readonly record struct HostReading
{
    public required double Cpu { get; init; }
    public required double IoWait { get; init; }
    public required double Steal { get; init; }
    public required double Load1 { get; init; }
    public required double Load5 { get; init; }
    public required double ContextSwitches { get; init; }
    public required double Processes { get; init; }
    public required double Memory { get; init; }
    public required double MemoryBytes { get; init; }
    public required double Disk { get; init; }
    public required double DiskBytes { get; init; }
    public required double DiskRead { get; init; }
    public required double DiskWrite { get; init; }
    public required double DiskBusy { get; init; }
    public required double Received { get; init; }
    public required double Sent { get; init; }
    public required double Rate { get; init; }
    public required double P50 { get; init; }
    public required double P99 { get; init; }
    public required double Errors { get; init; }
    public required double Heap { get; init; }
    public required double Collections { get; init; }

    /// <summary>Nothing of this second is sent.</summary>
    public bool Silent { get; init; }

    /// <summary>The application's exporter did not answer.</summary>
    public bool ApplicationMissing { get; init; }

    /// <summary>How far the host's clock is ahead, milliseconds.</summary>
    public long SkewMs { get; init; }

    /// <summary>In the order of <see cref="HostSchema.Series"/>; NaN = not measured.</summary>
    public double[] Values
    {
        get
        {
            double[] values =
            [
                Cpu, Cpu * 0.74, Cpu * 0.26, IoWait, Steal, Math.Max(0, 1 - Cpu - IoWait - Steal),
                Load1, Load5, ContextSwitches, Processes,
                Memory, Memory * MemoryBytes, (1 - Memory) * 0.7 * MemoryBytes,
                Disk, Disk * DiskBytes,
                DiskRead, DiskWrite, DiskBusy,
                Received, Sent,
                // Little's law: requests under way are those that arrive times how long they stay.
                Rate, P50, P99, Errors, Math.Round(Rate * P50 * 1.3),
                Heap, Collections, Collections * 0.004,
            ];
            if (ApplicationMissing)
                values.AsSpan(HostSchema.FirstOfApplication).Fill(double.NaN);
            return values;
        }
    }
}
