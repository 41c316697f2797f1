namespace Forewarn.Simulator;

/// <summary>What kind of machine a simulated host is.</summary>
sealed record HostProfile
{
    public required int Cpus { get; init; }
    public required double MemoryBytes { get; init; }
    public required double DiskBytes { get; init; }

    /// <summary>Share of the processors that an ordinary hour needs.</summary>
    public required double Load { get; init; }
    public required double MemoryShare { get; init; }
    public required double DiskShare { get; init; }

    /// <summary>Requests per second that would saturate it.</summary>
    public required double Capacity { get; init; }

    /// <summary>Median latency of an idle host, seconds.</summary>
    public required double ServiceTime { get; init; }

    /// <summary>Share of the processors that its batch job takes while it runs; 0 = it has none.</summary>
    public required double JobLoad { get; init; }

    public static HostProfile Draw(Random random)
    {
        const double GiB = 1024.0 * 1024 * 1024;
        int[] cpus = [2, 4, 8, 16];
        var count = cpus[random.Next(cpus.Length)];
        return new()
        {
            Cpus = count,
            MemoryBytes = count * 4 * GiB,
            DiskBytes = random.Next(2, 9) * 50 * GiB,
            Load = random.Between(0.22, 0.38),
            MemoryShare = random.Between(0.4, 0.55),
            DiskShare = random.Between(0.35, 0.6),
            Capacity = count * random.Between(150, 250),
            ServiceTime = random.Between(0.008, 0.02),
            JobLoad = Math.Max(0, random.Between(-0.06, 0.05)),
        };
    }
}
