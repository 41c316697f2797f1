using System.Globalization;

namespace Forewarn.Simulator;

/// <summary>What a fleet consists of: hosts on physical nodes, nodes in racks.</summary>
sealed record FleetPlan
{
    /// <summary>Share of seconds in which an exporter does not answer in time.</summary>
    public const double UsualMissing = 0.0005;

    /// <summary>Name of the first host; the others count on from its number.</summary>
    public required string First { get; init; }
    public required int Hosts { get; init; }

    /// <summary>Hosts share processors and disks with those on their node ...</summary>
    public int HostsPerNode { get; init; } = 4;

    /// <summary>... and load balancer and network with those in their rack.</summary>
    public int NodesPerRack { get; init; } = 4;

    public double Missing { get; init; } = UsualMissing;

    /// <summary>In front of every name that is sent, so that runs do not meet; changes no value.</summary>
    public string Prefix { get; init; } = "";

    /// <summary><c>sim-1</c> gives sim-1, sim-2, ...; <c>db</c> gives db, db-2, ...</summary>
    public IEnumerable<string> Names
    {
        get
        {
            var digits = First.Length - First.AsSpan().TrimEnd("0123456789").Length;
            var stem = digits is > 0 and < 9 ? First[..^digits] : $"{First}-";
            var number = digits is > 0 and < 9 ? int.Parse(First.AsSpan(First.Length - digits), CultureInfo.InvariantCulture) : 1;
            return Enumerable.Range(0, Hosts).Select(i => i == 0 ? First : $"{stem}{number + i}");
        }
    }

    public int NodeOf(int host) => host / HostsPerNode;

    public int RackOf(int host) => NodeOf(host) / NodesPerRack;

    /// <summary>Where a host stands, as <c>k8s.node.name</c> and <c>host.rack</c>: named for their first host, so that fleets of several runs do not stand in each other's racks.</summary>
    /// <param name="host">Its place in <see cref="Names"/>.</param>
    public IReadOnlyDictionary<string, string> AttributesOf(int host) => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["k8s.node.name"] = string.Create(CultureInfo.InvariantCulture, $"{Prefix}node-of-{Names.ElementAt(NodeOf(host) * HostsPerNode)}"),
        ["host.rack"] = string.Create(CultureInfo.InvariantCulture, $"{Prefix}rack-of-{Names.ElementAt(RackOf(host) * HostsPerNode * NodesPerRack)}"),
    };

    /// <summary>The hosts that a fault at one of them reaches, it first; none when the fleet has no such host.</summary>
    public IReadOnlyList<string> Reached(string name, Reach reach)
    {
        var names = Names.ToList();
        var at = names.IndexOf(name);
        if (at < 0)
            return [];
        var others = names.Where((_, host) => host != at && reach switch
        {
            Reach.Node => NodeOf(host) == NodeOf(at),
            Reach.Rack => RackOf(host) == RackOf(at),
            _ => false,
        });
        return [name, .. others];
    }
}

/// <summary>Whom a fault at one host reaches.</summary>
enum Reach
{
    Host,

    /// <summary>All hosts on its physical node.</summary>
    Node,

    /// <summary>All hosts of its rack.</summary>
    Rack,
}
