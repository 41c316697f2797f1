using Forewarn.Contracts;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Forewarn.StreamProcessor;

/// <summary>A file of rules is not in order; the message has a line for each mistake.</summary>
sealed class RuleFileException(IReadOnlyList<string> mistakes) : Exception(string.Join(Environment.NewLine, mistakes))
{
    public IReadOnlyList<string> Mistakes => mistakes;
}

/// <summary>Reads rules from YAML; docs/thresholds.md explains the format.</summary>
static class RuleFile
{
    const int MostRules = 500;
    const int LongestName = 64;
    const long DayMs = 86_400_000;
    const long RateOverMs = 60_000;
    const long UsualOverMs = 300_000;

    /// <param name="source">For messages.</param>
    /// <exception cref="RuleFileException">It is not in order.</exception>
    public static RuleSet Parse(string yaml, string source)
    {
        var mistakes = new List<string>();
        var root = new RuleNode(Load(yaml, source), source, "", mistakes);
        var nodes = root.Mappings("rules");
        var rules = new List<ThresholdRule>();
        foreach (var node in nodes)
        {
            if (Rule(node) is not { } rule)
                continue;
            if (rules.Exists(other => other.Name == rule.Name))
                node.Mistake("name", $"'{rule.Name}' is taken by a rule before; incidents are told apart by it");
            rules.Add(rule);
        }
        root.RefuseOthers();
        if (nodes.Count > MostRules)
            root.Mistake("rules", $"has {nodes.Count} entries; at most {MostRules} are possible");
        return mistakes.Count == 0 ? new RuleSet(rules) : throw new RuleFileException(mistakes);
    }

    static YamlMappingNode Load(string yaml, string source)
    {
        try
        {
            var stream = new YamlStream();
            using var reader = new StringReader(yaml);
            stream.Load(reader);
            return stream.Documents is [{ RootNode: YamlMappingNode root }] ? root : throw new RuleFileException([$"{source}, line 1: one mapping with 'rules' is expected"]);
        }
        catch (YamlException invalid)
        {
            throw new RuleFileException([$"{source}, line {invalid.Start.Line}: {invalid.InnerException?.Message ?? invalid.Message}"]);
        }
    }

    // Every field is read whatever is wrong with the others, so that all mistakes are told at once.
    static ThresholdRule? Rule(RuleNode node)
    {
        var (condition, name) = (ConditionOf(node), node.Text("name"));
        var rule = new ThresholdRule
        {
            Name = NameOf(node, name, condition),
            Condition = condition ?? new Condition(Measure.Value, "", default),
            Labels = node.Patterns("labels"),
            Entity = node.Text("entity") is { } entity ? new Wildcard(entity) : Wildcard.Anything,
            ForMs = node.Duration("for", 0, 0, DayMs),
            OverMs = OverOf(node, condition),
            Clear = ClearOf(node, condition),
            Severity = SeverityOf(node),
        };
        node.RefuseOthers();
        return condition is null ? null : rule;
    }

    static Condition? ConditionOf(RuleNode node)
    {
        if (node.Text("if") is not { } text)
        {
            node.Mistake("if", "is missing: the condition, such as 'system.filesystem.utilization > 0.9'");
            return null;
        }
        var condition = ConditionParser.Parse(text, out var mistake);
        if (mistake is not null)
            node.Mistake("if", $"'{text}' {mistake}");
        return condition;
    }

    static string NameOf(RuleNode node, string? name, Condition? condition)
    {
        name ??= condition?.ToString() ?? "";
        if (name.Length > LongestName || name.Any(char.IsControl))
            node.Mistake("name", $"must have at most {LongestName} characters, none of them a control character; without one, the condition is the name");
        return name;
    }

    static long OverOf(RuleNode node, Condition? condition)
    {
        var over = node.Duration("over", condition?.Measure == Measure.Rate ? RateOverMs : UsualOverMs, 2000, DayMs);
        if (condition is { IsWindowed: false } && node.Text("over") is not null)
            node.Mistake("over", "is for rate, mean, min and max; how long a value must stay there says 'for'");
        return over;
    }

    static Bound? ClearOf(RuleNode node, Condition? condition)
    {
        if (node.Text("clear") is not { } text || condition is null)
            return null;
        if (condition.Measure == Measure.Missing)
        {
            node.Mistake("clear", "has no meaning with missing(): the next value ends it");
            return null;
        }
        if (ConditionParser.ParseBound(text, out var mistake) is not { } clear)
        {
            node.Mistake("clear", $"'{text}' {mistake}");
            return null;
        }
        var (limit, isBeyond) = (condition.Bound, condition.Bound.IsUpper ? clear.Limit > condition.Bound.Limit : clear.Limit < condition.Bound.Limit);
        if (clear.IsUpper == limit.IsUpper || isBeyond)
            node.Mistake("clear", $"'{text}' must lie on the other side of '{limit}': '{(limit.IsUpper ? "<" : ">")}' and a number {(limit.IsUpper ? "not above" : "not below")} it");
        return clear;
    }

    static IncidentSeverity SeverityOf(RuleNode node)
    {
        switch (node.Text("severity"))
        {
            case null or "warning":
                return IncidentSeverity.Warning;
            case "info":
                return IncidentSeverity.Info;
            case "critical":
                return IncidentSeverity.Critical;
            case var other:
                node.Mistake("severity", $"must be info, warning or critical, not '{other}'");
                return IncidentSeverity.Warning;
        }
    }
}
