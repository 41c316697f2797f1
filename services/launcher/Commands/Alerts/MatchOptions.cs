using System.CommandLine;
using System.Text.Json.Nodes;

namespace Forewarn.Launcher.Commands.Alerts;

/// <summary>Options that say which incidents are meant.</summary>
sealed class MatchOptions
{
    readonly Option<string?> _entity = new("--entity") { Description = "Name, or a pattern with *. Default: all.", HelpName = "ENTITY" };
    readonly Option<string[]> _label = new("--label") { Description = "key=value, where the value may hold *; may be repeated: all must hold.", HelpName = "LABEL" };
    readonly Option<string[]> _severity = new("--severity") { Description = "info, warning or critical; may be repeated. Default: all.", HelpName = "SEVERITY" };
    readonly Option<string[]> _kind = new("--kind") { Description = "As incidents have it: joint, spike, predicted-breach, ...; may be repeated. Default: all.", HelpName = "KIND" };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_entity, _label, _severity, _kind])
            command.Add(option);
    }

    public JsonObject Read(ParseResult parsed) => Of(parsed.GetValue(_entity), parsed.GetValue(_label) ?? [], parsed.GetValue(_severity) ?? [], parsed.GetValue(_kind) ?? []);

    /// <exception cref="LauncherException">A label has no value.</exception>
    internal static JsonObject Of(string? entity, IReadOnlyList<string> labels, IReadOnlyList<string> severities, IReadOnlyList<string> kinds)
    {
        var match = new JsonObject();
        if (entity is not null)
            match["entity"] = entity;
        if (labels.Count > 0)
        {
            var pairs = new JsonObject();
            foreach (var label in labels)
            {
                var equals = label.IndexOf('=', StringComparison.Ordinal);
                if (equals < 1 || equals == label.Length - 1)
                    throw new LauncherException($"--label {label} is no label; write it like team=payments.", ExitCodes.Usage);
                pairs[label[..equals]] = label[(equals + 1)..];
            }
            match["labels"] = pairs;
        }
        if (severities.Count > 0)
            match["severity"] = new JsonArray([.. severities.Select(severity => JsonValue.Create(severity))]);
        if (kinds.Count > 0)
            match["kind"] = new JsonArray([.. kinds.Select(kind => JsonValue.Create(kind))]);
        return match;
    }

    /// <summary>What is matched, in words.</summary>
    public static string Describe(ModelView? match)
    {
        if (match is not { } given)
            return "everything";
        var parts = new[] { given.Text("entity") }
            .Concat(given.Pairs("labels").Select(label => $"{label.Name}={label.Value}")).Append(Joined(given, "severity")).Append(Joined(given, "kind"))
            .Where(part => !string.IsNullOrEmpty(part)).ToList();
        return parts.Count == 0 ? "everything" : string.Join(' ', parts);
    }

    static string Joined(ModelView match, string name) => string.Join(',', match.Texts(name));
}
