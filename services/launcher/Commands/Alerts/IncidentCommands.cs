using System.CommandLine;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace Forewarn.Launcher.Commands.Alerts;

/// <summary><c>alerts list</c>, <c>show</c>, <c>ack</c>, <c>assign</c>, <c>comment</c>, <c>resolve</c>.</summary>
static class IncidentCommands
{
    const int MostListed = 500;

    public static IEnumerable<Command> Create(AlertRunner runner)
    {
        var all = new Option<bool>("--all") { Description = "Resolved ones too." };
        var list = new Command("list", "List open incidents, newest first.") { all };
        runner.Run(list, (parsed, desk, token) => ListAsync(desk, parsed.GetValue(all), token));
        yield return list;

        var id = Id();
        var show = new Command("show", "Show an incident: why, what belongs to it, what happened, who was told.") { id };
        runner.Run(show, (parsed, desk, token) => ShowAsync(desk, parsed.GetValue(id)!, token));
        yield return show;

        yield return Action(runner, "ack", "Say that you look after it; it is not escalated any more.", "acknowledge", "acknowledged");
        yield return Action(runner, "resolve", "Say that it is over.", "resolve", "resolved");
        yield return Assign(runner);
        yield return Comment(runner);
    }

    internal static async Task<int> ListAsync(AlertDesk desk, bool all, CancellationToken cancellationToken)
    {
        var page = await desk.GetAsync($"api/incidents?limit=100{(all ? "" : "&status=open,acknowledged")}", cancellationToken);
        return desk.Show(page, () =>
        {
            var incidents = page.Items("items");
            if (incidents.Count == 0)
            {
                desk.Terminal.Plain(all ? "There has been no incident." : "No incident is open; --all lists those that are over.");
                return;
            }
            var table = AlertDesk.NewTable("id", "severity", "state", "since", "entity", "what", "who");
            foreach (var incident in incidents)
                table.AddRow(Row(incident));
            desk.Write(table);
            if (page.Text("next") is not null)
                desk.Terminal.Plain("  and older ones, which the dashboard and `./forewarn export --kind incidents` have");
        });
    }

    internal static async Task<int> ShowAsync(AlertDesk desk, string id, CancellationToken cancellationToken)
    {
        var incident = await FindAsync(desk, id, cancellationToken);
        return desk.Show(incident, () => IncidentText.Write(desk.Terminal, incident));
    }

    /// <param name="action">Of the API.</param>
    /// <param name="done">What the incident is then.</param>
    internal static async Task<int> ActAsync(AlertDesk desk, string id, string action, string done, JsonObject body, CancellationToken cancellationToken)
    {
        var incident = await FindAsync(desk, id, cancellationToken);
        var full = incident.Text("id")!;
        var answer = await desk.PostAsync($"api/incidents/{Uri.EscapeDataString(full)}/{action}", body, cancellationToken);
        return desk.Show(answer, () => desk.Terminal.Good($"{incident.Text("entity")}: {incident.Text("summary")} ({full}) is {done}."));
    }

    static Command Action(AlertRunner runner, string verb, string description, string action, string done)
    {
        var (id, who, text) = (Id(), Who(), new Option<string?>("--text") { Description = "Why, for the timeline.", HelpName = "TEXT" });
        var command = new Command(verb, description) { id, who, text };
        runner.Run(command, (parsed, desk, token) => ActAsync(
            desk, parsed.GetValue(id)!, action, done, new JsonObject { ["who"] = parsed.GetValue(who), ["text"] = parsed.GetValue(text) }, token));
        return command;
    }

    static Command Assign(AlertRunner runner)
    {
        var (id, who) = (Id(), Who());
        var assignee = new Argument<string?>("PERSON") { Description = "Who looks after it; nobody when absent.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("assign", "Say who looks after an incident.") { id, assignee, who };
        runner.Run(command, (parsed, desk, token) =>
        {
            var person = parsed.GetValue(assignee);
            return ActAsync(
                desk, parsed.GetValue(id)!, "assign", person is null ? "nobody's" : $"{person}'s", new JsonObject { ["assignee"] = person, ["who"] = parsed.GetValue(who) }, token);
        });
        return command;
    }

    static Command Comment(AlertRunner runner)
    {
        var (id, who) = (Id(), Who());
        var text = new Argument<string>("TEXT") { Description = "What is known." };
        var command = new Command("comment", "Write something into an incident's timeline.") { id, text, who };
        runner.Run(command, (parsed, desk, token) => ActAsync(
            desk, parsed.GetValue(id)!, "comment", "commented", new JsonObject { ["text"] = parsed.GetValue(text), ["who"] = parsed.GetValue(who) }, token));
        return command;
    }

    static async Task<ModelView> FindAsync(AlertDesk desk, string id, CancellationToken cancellationToken)
    {
        var page = await desk.GetAsync($"api/incidents?limit={MostListed}", cancellationToken);
        var found = page.Items("items").Where(incident => incident.Text("id")?.StartsWith(id, StringComparison.Ordinal) == true).ToList();
        return found.Count switch
        {
            1 => found[0],
            // An older one is found by its whole id.
            0 => await desk.Gateway.TryGetAsync($"api/incidents/{Uri.EscapeDataString(id)}", cancellationToken) is { } old
                ? new ModelView(old)
                : throw new LauncherException($"There is no incident {id}; `./forewarn alerts list --all` lists them.", ExitCodes.Failed),
            _ => throw new LauncherException($"{found.Count} incidents begin with {id}: {string.Join(", ", found.Take(5).Select(incident => incident.Text("id")))}.", ExitCodes.Failed),
        };
    }

    static string[] Row(ModelView incident)
    {
        var severity = incident.Text("severity");
        var colour = severity switch { "critical" => "red", "warning" => "yellow", _ => "grey" };
        var state = incident.Text("mutedBy") is null ? incident.Text("status") : $"{incident.Text("status")}, muted";
        var folded = incident.Number("symptomCount") is not ("0" or "-") and var others ? $" (+{others})" : "";
        return
        [
            AlertDesk.Cell(incident.Text("id")), $"[{colour}]{AlertDesk.Cell(severity)}[/]", AlertDesk.Cell(state), incident.Time("startedAt"),
            AlertDesk.Cell(incident.Text("entity")) + folded, AlertDesk.Cell(incident.Text("summary")), AlertDesk.Cell(incident.Text("assignee")),
        ];
    }

    static Argument<string> Id() => new("ID") { Description = "As `./forewarn alerts list` lists it; its beginning is enough." };

    /// <summary>Who does something, for the timeline.</summary>
    internal static Option<string> Who() =>
        new("--who") { Description = "Who does it. Default: you.", HelpName = "PERSON", DefaultValueFactory = static _ => Environment.UserName };
}
