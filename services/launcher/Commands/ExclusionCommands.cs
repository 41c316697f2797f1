using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Forewarn.Launcher.Platform;
using Spectre.Console;

namespace Forewarn.Launcher.Commands;

/// <summary><c>models exclude</c>, <c>models exclusions</c>, <c>models include</c>: times that no training learns from.</summary>
static class ExclusionCommands
{
    const string Path = "api/training/exclusions";

    public static IEnumerable<Command> Create(Option<string?> data)
    {
        var entity = new Option<string?>("--entity") { Description = "Which host. Default: all.", HelpName = "NAME" };
        var from = new Option<string>("--from") { Description = "Beginning: 2026-01-31T10:00Z; without a zone it is UTC.", HelpName = "TIME", Required = true };
        var to = new Option<string>("--to") { Description = "End, likewise.", HelpName = "TIME", Required = true };
        var kind = new Option<string>("--kind") { Description = "maintenance or flagged. Default: maintenance.", HelpName = "KIND", DefaultValueFactory = static _ => "maintenance" };
        var reason = new Option<string?>("--reason") { Description = "Why, for whoever reads the list.", HelpName = "TEXT" };
        var exclude = new Command("exclude", "Leave a time out of every training.") { entity, from, to, kind, reason };
        exclude.SetAction(async (parsed, token) =>
        {
            using var gateway = Shared.Gateway(parsed, data);
            return await ExcludeAsync(
                gateway, Shared.NewTerminal(), parsed.GetValue(entity), parsed.GetValue(from)!, parsed.GetValue(to)!, parsed.GetValue(kind)!, parsed.GetValue(reason), token);
        });
        yield return exclude;

        var list = new Command("exclusions", "List the times that no training learns from.");
        list.SetAction(async (parsed, token) =>
        {
            using var gateway = Shared.Gateway(parsed, data);
            return await ListAsync(gateway, Shared.NewTerminal(), token);
        });
        yield return list;

        var id = new Argument<string>("ID") { Description = "As `./forewarn models exclusions` lists it." };
        var include = new Command("include", "Let trainings learn from a time again.") { id };
        include.SetAction(async (parsed, token) =>
        {
            using var gateway = Shared.Gateway(parsed, data);
            return await IncludeAsync(gateway, Shared.NewTerminal(), parsed.GetValue(id)!, token);
        });
        yield return include;
    }

    internal static async Task<int> ExcludeAsync(
        GatewayClient gateway, Terminal terminal, string? entity, string from, string to, string kind, string? reason, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["from"] = TimeOf("--from", from), ["to"] = TimeOf("--to", to), ["kind"] = kind, ["reason"] = reason, ["entity"] = entity };
        var exclusion = new ModelView(await gateway.PostAsync(Path, body.ToJsonString(), cancellationToken));
        terminal.Good($"{exclusion.Text("entity") ?? "Every host"} from {exclusion.Time("from")} to {exclusion.Time("to")} is left out ({exclusion.Text("id")}).");
        return ExitCodes.Success;
    }

    internal static async Task<int> ListAsync(GatewayClient gateway, Terminal terminal, CancellationToken cancellationToken)
    {
        if (await gateway.TryGetAsync(Path, cancellationToken) is not { } page)
            throw new LauncherException("The gateway does not list exclusions; `./forewarn status` shows what is wrong.", ExitCodes.Failed);
        var items = new ModelView(page).Items("items");
        if (items.Count == 0)
        {
            terminal.Plain("Nothing is left out but incidents and what was missed.");
            return ExitCodes.Success;
        }
        var table = new Table().Border(TableBorder.Simple).AddColumns("id", "entity", "from", "to", "kind", "reason");
        foreach (var item in items)
        {
            table.AddRow(
                Markup.Escape(item.Text("id") ?? "-"), Markup.Escape(item.Text("entity") ?? "all"), item.Time("from"), item.Time("to"),
                Markup.Escape(item.Text("kind") ?? "-"), Markup.Escape(item.Text("reason") ?? "-"));
        }
        terminal.Console.Write(table);
        return ExitCodes.Success;
    }

    internal static async Task<int> IncludeAsync(GatewayClient gateway, Terminal terminal, string id, CancellationToken cancellationToken)
    {
        await gateway.DeleteAsync($"{Path}/{Uri.EscapeDataString(id)}", cancellationToken);
        terminal.Good($"{id} is learned from again.");
        return ExitCodes.Success;
    }

    static long TimeOf(string option, string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.ToUnixTimeMilliseconds()
            : throw new LauncherException($"{option} '{text}' is no time; write it like 2026-01-31T10:00Z.", ExitCodes.Usage);
}
