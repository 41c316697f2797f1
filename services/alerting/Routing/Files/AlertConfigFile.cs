using Forewarn.Hosting;

namespace Forewarn.Alerting.Routing;

/// <summary>Reads the configuration of alerting from YAML; <c>docs/alerting.md</c> describes it.</summary>
public static class AlertConfigFile
{
    /// <param name="source">Name of the file, for messages.</param>
    /// <exception cref="AlertConfigException">With all that is wrong with it.</exception>
    public static AlertConfig Parse(string yaml, string source)
    {
        var mistakes = new YamlMistakes(source);
        if (YamlMap.Load(yaml, mistakes, "a mapping with 'receivers' and 'routes'") is not { } root)
            throw new AlertConfigException(mistakes.Messages);
        var receivers = Read(root.Maps("receivers", "at least one receiver, such as { name: everyone, console: true }"), ReceiverReader.Read);
        var names = new ConfigNames(receivers.Select(entry => entry.Value.Name));
        var routes = Read(root.Maps("routes", "at least one route, such as { name: everything, receivers: [everyone] }"), node => RouteReader.Read(node, names));
        var budgets = Read(root.Maps("budgets"), BudgetReader.Read);
        root.RefuseOthers();

        RefuseRepeats(receivers.Select(entry => (entry.Node, entry.Value.Name)));
        RefuseRepeats(routes.Select(entry => (entry.Node, entry.Value.Name)));
        RefuseRepeats(budgets.Select(entry => (entry.Node, entry.Value.Name)));
        RefuseUnreachable(
            [.. routes.Select(entry => (entry.Node, entry.Value.Name, !entry.Node.Has("match") && !entry.Node.Has("hours") && !entry.Value.Continue))],
            "put it before, or let that one 'continue: true'");
        RefuseUnreachable([.. budgets.Select(entry => (entry.Node, entry.Value.Name, !entry.Node.Has("match")))], "put it before");
        return mistakes.Any
            ? throw new AlertConfigException(mistakes.Messages)
            : new AlertConfig { Receivers = Values(receivers), Routes = Values(routes), Budgets = Values(budgets) };
    }

    static List<(YamlMap Node, T Value)> Read<T>(IEnumerable<YamlMap> nodes, Func<YamlMap, T> read) => [.. nodes.Select(node => (node, read(node)))];

    static List<T> Values<T>(IEnumerable<(YamlMap Node, T Value)> entries) => [.. entries.Select(entry => entry.Value)];

    static void RefuseRepeats(IEnumerable<(YamlMap Node, string Name)> entries)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (node, name) in entries)
        {
            if (name.Length > 0 && !seen.Add(name))
                node.Mistake("name", $"'{name}' is there already; names are unique");
        }
    }

    /// <summary>What stands behind something that takes all would never be looked at, and nobody wrote it for that.</summary>
    static void RefuseUnreachable(IReadOnlyList<(YamlMap Node, string Name, bool TakesAll)> entries, string remedy)
    {
        var taker = entries.Index().FirstOrDefault(entry => entry.Item.TakesAll);
        if (!taker.Item.TakesAll)
            return;
        foreach (var (node, name, _) in entries.Skip(taker.Index + 1))
            node.Mistake("name", $"'{name}' is never looked at, because '{taker.Item.Name}' before it takes everything; {remedy}");
    }
}
