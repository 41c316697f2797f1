namespace Forewarn.Simulator;

/// <summary>What surrounds a host at one second.</summary>
/// <param name="Demand">What the whole fleet is asked for, around 1.</param>
/// <param name="Rack">What its rack shares, standard deviations.</param>
/// <param name="Node">What its physical node shares, standard deviations.</param>
readonly record struct Surroundings(long T, double Demand, double Rack, double Node);

/// <summary>Hosts behind one stream of demand, on nodes and in racks, so that neighbours move together. The same seed and the same seconds give the same values.</summary>
sealed class SimulatedFleet
{
    readonly FleetPlan _plan;
    readonly Wander _demand;
    readonly Wander[] _racks;
    readonly Wander[] _nodes;

    public SimulatedFleet(FleetPlan plan, int seed)
    {
        _plan = plan;
        _demand = new Wander(Seeded.For(seed, "demand"), 60);
        _racks = [.. Enumerable.Range(0, plan.RackOf(plan.Hosts - 1) + 1).Select(rack => new Wander(Seeded.For(seed, $"rack {rack}"), 45))];
        _nodes = [.. Enumerable.Range(0, plan.NodeOf(plan.Hosts - 1) + 1).Select(node => new Wander(Seeded.For(seed, $"node {node}"), 20))];
        Hosts = [.. plan.Names.Select((name, at) => new SimulatedHost(plan.Prefix + name, name, seed, plan.Missing) { Attributes = plan.AttributesOf(at) })];
    }

    public IReadOnlyList<SimulatedHost> Hosts { get; }

    /// <summary>The next second of every host.</summary>
    /// <param name="t">Its time, unix milliseconds.</param>
    /// <param name="injections">Faults, of which those that are not going on now do nothing.</param>
    public HostReading[] Next(long t, params IReadOnlyList<Injection> injections)
    {
        var effects = Effects(t, injections);
        var demand = Rhythm.At(t) * (1 + 0.05 * _demand.Next());
        foreach (var shared in _racks.Concat(_nodes))
            shared.Next();
        var readings = new HostReading[Hosts.Count];
        for (var i = 0; i < readings.Length; i++)
        {
            var around = new Surroundings(t, demand, _racks[_plan.RackOf(i)].Value, _nodes[_plan.NodeOf(i)].Value);
            readings[i] = Hosts[i].Next(around, effects.GetValueOrDefault(Hosts[i].Entity, FaultEffect.None));
        }
        return readings;
    }

    static Dictionary<string, FaultEffect> Effects(long t, IReadOnlyList<Injection> injections)
    {
        var effects = new Dictionary<string, FaultEffect>(StringComparer.Ordinal);
        foreach (var injection in injections.Where(injection => injection.IsOn(t)))
        {
            foreach (var entity in injection.Entities)
                effects[entity] = injection.At(t);
        }
        return effects;
    }
}
