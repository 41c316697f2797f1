using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace Forewarn.Launcher.Commands.Alerts;

/// <summary><c>alerts silence</c>, <c>maintenance</c>, <c>silences</c>, <c>unsilence</c>, <c>preview</c>.</summary>
static class SilenceCommands
{
    const string Path = "api/silences";

    public static IEnumerable<Command> Create(AlertRunner runner)
    {
        yield return Silence(runner, "silence", "silence", "Let matching incidents open without telling anybody for a time.");
        yield return Silence(runner, "maintenance", "maintenance", "Silence, and leave what is measured meanwhile out of training.");

        var all = new Option<bool>("--all") { Description = "Those that ended in the last week too." };
        var list = new Command("silences", "List silences and maintenance.") { all };
        runner.Run(list, (parsed, desk, token) => ListAsync(desk, parsed.GetValue(all), token));
        yield return list;

        var id = new Argument<string>("ID") { Description = "As `./forewarn alerts silences` lists it; its beginning is enough." };
        var end = new Command("unsilence", "End a silence now.") { id };
        runner.Run(end, (parsed, desk, token) => EndAsync(desk, parsed.GetValue(id)!, token));
        yield return end;

        var match = new MatchOptions();
        var preview = new Command("preview", "Show what a silence would have kept quiet in the last seven days.");
        match.AddTo(preview);
        runner.Run(preview, (parsed, desk, token) => PreviewAsync(desk, match.Read(parsed), token));
        yield return preview;
    }

    /// <param name="from">Null = now.</param>
    /// <param name="length">Such as <c>2h</c>.</param>
    internal static async Task<int> SilenceAsync(
        AlertDesk desk, string kind, JsonObject match, string? from, string length, string reason, string who, CancellationToken cancellationToken)
    {
        if (!ExportQuery.TryReadDuration(length, out var ms) || ms == 0)
            throw new LauncherException($"--for {length} is no duration: write 30m, 2h or 1d.", ExitCodes.Usage);
        var begin = from is null ? desk.Now : TimeOf(from);
        var body = new JsonObject { ["kind"] = kind, ["match"] = match, ["to"] = begin + ms, ["reason"] = reason, ["who"] = who };
        if (from is not null)
            body["from"] = begin;
        var silence = await desk.PostAsync(Path, body, cancellationToken);
        return desk.Show(silence, () =>
        {
            desk.Terminal.Good($"{MatchOptions.Describe(silence.Part("match"))} is silent from {silence.Time("from")} to {silence.Time("to")} ({silence.Text("id")}).");
            if (kind == "maintenance")
                desk.Terminal.Plain("  What is measured meanwhile is left out of training.");
        });
    }

    internal static async Task<int> ListAsync(AlertDesk desk, bool all, CancellationToken cancellationToken)
    {
        var page = await desk.GetAsync(Path + (all ? "?ended=true" : ""), cancellationToken);
        return desk.Show(page, () =>
        {
            if (page.Items("items") is not { Count: > 0 } silences)
            {
                desk.Terminal.Plain("Nothing is silent.");
                return;
            }
            var table = AlertDesk.NewTable("id", "kind", "what", "from", "to", "reason", "who");
            foreach (var silence in silences)
            {
                table.AddRow(
                    AlertDesk.Cell(silence.Text("id")), AlertDesk.Cell(silence.Text("kind")), AlertDesk.Cell(MatchOptions.Describe(silence.Part("match"))),
                    silence.Time("from"), silence.Time("to"), AlertDesk.Cell(silence.Text("reason")), AlertDesk.Cell(silence.Text("who")));
            }
            desk.Write(table);
        });
    }

    internal static async Task<int> EndAsync(AlertDesk desk, string id, CancellationToken cancellationToken)
    {
        var found = (await desk.GetAsync(Path, cancellationToken)).Items("items").Select(silence => silence.Text("id") ?? "")
            .Where(known => known.StartsWith(id, StringComparison.Ordinal)).ToList();
        if (found.Count != 1)
        {
            throw new LauncherException(
                found.Count == 0 ? $"No silence {id} holds; `./forewarn alerts silences` lists them." : $"{found.Count} silences begin with {id}: {string.Join(", ", found)}.", ExitCodes.Failed);
        }
        var ended = new ModelView(await desk.Gateway.DeleteAsync($"{Path}/{Uri.EscapeDataString(found[0])}", cancellationToken));
        return desk.Show(ended, () => desk.Terminal.Good($"{MatchOptions.Describe(ended.Part("match"))} is told of again ({found[0]})."));
    }

    internal static async Task<int> PreviewAsync(AlertDesk desk, JsonObject match, CancellationToken cancellationToken)
    {
        var preview = await desk.PostAsync($"{Path}/preview", new JsonObject { ["match"] = match }, cancellationToken);
        return desk.Show(preview, () =>
        {
            desk.Terminal.Plain($"  would have kept quiet {preview.Number("muted")} of {preview.Number("incidents")} incidents since {preview.Time("from")}");
            if (preview.Items("examples") is not { Count: > 0 } examples)
                return;
            var table = AlertDesk.NewTable("id", "severity", "opened", "entity", "what");
            foreach (var incident in examples)
            {
                table.AddRow(
                    AlertDesk.Cell(incident.Text("id")), AlertDesk.Cell(incident.Text("severity")), incident.Time("openedAt"), AlertDesk.Cell(incident.Text("entity")),
                    AlertDesk.Cell(incident.Text("summary")));
            }
            desk.Write(table);
        });
    }

    static Command Silence(AlertRunner runner, string verb, string kind, string description)
    {
        var match = new MatchOptions();
        var length = new Option<string>("--for") { Description = "How long: 30m, 2h, 1d.", HelpName = "TIME", Required = true };
        var from = new Option<string?>("--from") { Description = "Beginning: 2026-01-31T10:00Z; without a zone it is UTC. Default: now.", HelpName = "TIME" };
        var reason = new Option<string>("--reason") { Description = "Why, for whoever reads the list.", HelpName = "TEXT", Required = true };
        var who = IncidentCommands.Who();
        var command = new Command(verb, description) { length, from, reason, who };
        match.AddTo(command);
        runner.Run(command, (parsed, desk, token) => SilenceAsync(
            desk, kind, match.Read(parsed), parsed.GetValue(from), parsed.GetValue(length)!, parsed.GetValue(reason)!, parsed.GetValue(who)!, token));
        return command;
    }

    static long TimeOf(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.ToUnixTimeMilliseconds()
            : throw new LauncherException($"--from '{text}' is no time; write it like 2026-01-31T10:00Z.", ExitCodes.Usage);
}
