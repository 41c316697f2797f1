namespace Forewarn.Simulator;

/// <summary>Hosts behind one stream of demand, so that neighbours move together. The same seed and the same seconds give the same values.</summary>
sealed class SimulatedFleet
{
    readonly Wander _demand;

    /// <param name="first">Name of the first host; the others count on from its number.</param>
    public SimulatedFleet(string first, int count, int seed)
    {
        _demand = new Wander(Seeded.For(seed, "demand"), 60);
        Hosts = [.. Names(first, count).Select(name => new SimulatedHost(name, seed))];
    }

    public IReadOnlyList<SimulatedHost> Hosts { get; }

    /// <summary>The next second of every host.</summary>
    /// <param name="t">Its time, unix milliseconds.</param>
    public HostReading[] Next(long t, Injection? injection)
    {
        var demand = Rhythm.At(t) * (1 + 0.05 * _demand.Next());
        var readings = new HostReading[Hosts.Count];
        for (var i = 0; i < readings.Length; i++)
        {
            var effect = injection is not null && injection.Entity == Hosts[i].Entity ? injection.At(t) : new FaultEffect();
            readings[i] = Hosts[i].Next(demand, effect);
        }
        return readings;
    }

    /// <summary><c>sim-1</c> gives sim-1, sim-2, ...; <c>db</c> gives db, db-2, ...</summary>
    internal static IEnumerable<string> Names(string first, int count)
    {
        var digits = first.Length - first.AsSpan().TrimEnd("0123456789").Length;
        var stem = digits > 0 && digits < 9 ? first[..^digits] : $"{first}-";
        var number = digits > 0 && digits < 9 ? int.Parse(first.AsSpan(first.Length - digits), System.Globalization.CultureInfo.InvariantCulture) : 1;
        return Enumerable.Range(0, count).Select(i => i == 0 ? first : $"{stem}{number + i}");
    }
}
