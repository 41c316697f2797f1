using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Forewarn.Simulator;

/// <summary>Reads scenarios from YAML.</summary>
static class ScenarioFile
{
    const int MaxHosts = 10_000;
    const string DefaultResource = "Forewarn.Simulator.Scenarios.catalogue.yaml";

    /// <summary>The one that comes with the program: the whole catalogue side by side.</summary>
    public static Scenario Default
    {
        get
        {
            using var stream = typeof(ScenarioFile).Assembly.GetManifestResourceStream(DefaultResource)!;
            using var reader = new StreamReader(stream);
            return Parse(reader.ReadToEnd(), "catalogue.yaml");
        }
    }

    /// <exception cref="ScenarioException">It cannot be read, or is not one.</exception>
    public static Scenario Read(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new ScenarioException([$"{path} cannot be read: {unreadable.Message}"]);
        }
    }

    /// <param name="source">For messages.</param>
    /// <exception cref="ScenarioException">It is not a scenario.</exception>
    public static Scenario Parse(string yaml, string source)
    {
        var mistakes = new List<string>();
        var root = new ScenarioNode(Load(yaml, source), source, "", mistakes);
        var scenario = new Scenario
        {
            Name = root.Text("name", Path.GetFileNameWithoutExtension(source)),
            Seed = root.Integer("seed", 1, int.MinValue, int.MaxValue),
            History = root.Duration("history", TimeSpan.FromMinutes(10), TimeSpan.Zero),
            Cooldown = root.Duration("cooldown", TimeSpan.FromSeconds(60), TimeSpan.Zero),
            Fleet = Fleet(root.Mapping("fleet")),
        };
        scenario = scenario with { Faults = [.. root.Mappings("faults").Select(node => Planned(node, scenario.Fleet)).OfType<PlannedFault>()] };
        root.RefuseOthers();
        if (mistakes.Count == 0)
            mistakes.AddRange(Overlaps(scenario).Select(overlap => $"{source}: {overlap}"));
        return mistakes.Count == 0 ? scenario : throw new ScenarioException(mistakes);
    }

    static YamlMappingNode Load(string yaml, string source)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            return stream.Documents is [{ RootNode: YamlMappingNode root }] ? root : throw new ScenarioException([$"{source}, line 1: one mapping with 'fleet' and 'faults' is expected"]);
        }
        catch (YamlException invalid)
        {
            throw new ScenarioException([$"{source}, line {invalid.Start.Line}: {invalid.InnerException?.Message ?? invalid.Message}"]);
        }
    }

    static FleetPlan Fleet(ScenarioNode? node)
    {
        if (node is null)
            return new FleetPlan { First = "sim-1", Hosts = 1 };
        var fleet = new FleetPlan
        {
            First = node.Text("first", "sim-1"),
            Hosts = node.Integer("hosts", 1, 1, MaxHosts),
            HostsPerNode = node.Integer("hostsPerNode", 4, 1, MaxHosts),
            NodesPerRack = node.Integer("nodesPerRack", 4, 1, MaxHosts),
            Missing = node.Share("missing", FleetPlan.UsualMissing),
        };
        node.RefuseOthers();
        return fleet;
    }

    static PlannedFault? Planned(ScenarioNode node, FleetPlan fleet)
    {
        var name = node.Text("fault", "");
        var fault = FaultCatalogue.Find(name);
        if (fault is null && name.Length > 0)
            node.Mistake("fault", $"'{name}' is unknown. Known: {string.Join(", ", FaultCatalogue.All.Select(known => known.Name))}");
        var entity = node.Text("entity", "");
        if (entity.Length > 0 && !fleet.Names.Contains(entity))
            node.Mistake("entity", $"'{entity}' is no host of the fleet, which has {fleet.First} to {fleet.Names.Last()}");
        var (after, duration) = (node.Duration("after", TimeSpan.Zero, TimeSpan.Zero), node.Duration("for", null, TimeSpan.FromSeconds(1)));
        var settings = node.Mapping("with");
        node.RefuseOthers();
        return fault is null ? null : new PlannedFault(fault, Settings(fault, settings), entity, after, duration);
    }

    static FaultSettings Settings(Fault fault, ScenarioNode? node)
    {
        var settings = FaultSettings.Defaults(fault);
        foreach (var (name, text) in node?.Entries ?? [])
        {
            settings = settings.With(fault, name, text, out var error);
            if (error is not null)
                node!.Mistake(name, $"cannot be taken: {error}");
        }
        return settings;
    }

    /// <summary>Two faults of one host at a time could not be told from each other afterwards.</summary>
    static IEnumerable<string> Overlaps(Scenario scenario)
    {
        var injections = scenario.At(0).Injections;
        return from second in Enumerable.Range(0, injections.Count)
               from first in Enumerable.Range(0, second)
               let host = injections[first].Entities.Intersect(injections[second].Entities, StringComparer.Ordinal).FirstOrDefault()
               where host is not null && injections[first].StartMs < injections[second].EndMs && injections[second].StartMs < injections[first].EndMs
               select string.Create(
                   CultureInfo.InvariantCulture,
                   $"faults[{second}] ({injections[second].Fault.Name}) reaches {host} while faults[{first}] ({injections[first].Fault.Name}) is there; give it another host or time");
    }
}
