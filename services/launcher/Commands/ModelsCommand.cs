using System.CommandLine;
using System.Text.Json;
using Forewarn.Launcher.Platform;
using Spectre.Console;

namespace Forewarn.Launcher.Commands;

/// <summary><c>models</c>: the versions of the running platform, and which of them decides.</summary>
static class ModelsCommand
{
    const string Any = "any";

    public static Command Create()
    {
        var data = Shared.DataOption();
        data.Recursive = true;
        var command = new Command("models", "List model versions; promote one, or go back to the one before.") { data };
        command.SetAction((parsed, token) => RunAsync(parsed, data, (gateway, terminal) => ListAsync(gateway, terminal, token)));
        command.Add(WithVersion("show", "Show all that is known about a version.", data, ShowAsync));
        command.Add(WithVersion("promote", "Make a challenger or a retired version champion now; predictors swap without a restart.", data, PromoteAsync));
        var group = new Option<string>("--group") { Description = "Whose champion; the beginning of its name is enough. Default: any, the model for every host.", HelpName = "GROUP", DefaultValueFactory = static _ => Any };
        var rollback = new Command("rollback", "Go back to the champion before.") { group };
        rollback.SetAction((parsed, token) => RunAsync(parsed, data, (gateway, terminal) => RollbackAsync(gateway, terminal, parsed.GetValue(group)!, token)));
        command.Add(rollback);
        command.Add(PreviewCommand.Create(data));
        foreach (var exclusions in ExclusionCommands.Create(data))
            command.Add(exclusions);
        return command;
    }

    internal static async Task<int> ListAsync(GatewayClient gateway, Terminal terminal, CancellationToken cancellationToken)
    {
        var models = await ReadAsync(gateway, cancellationToken);
        if (models.Count == 0)
        {
            terminal.Plain("There is no model yet; the first one is made within seconds of the start.");
            return ExitCodes.Success;
        }
        var table = new Table().Border(TableBorder.Simple).AddColumns("version", "state", "kind", "group", "trained on", "rows", "made", "became champion", "openings beside the champion");
        foreach (var model in models)
        {
            var colour = model.Text("state") switch { "champion" => "green", "challenger" => "yellow", _ => "grey" };
            table.AddRow(
                Markup.Escape(model.Version), $"[{colour}]{Markup.Escape(model.Text("state") ?? "-")}[/]", Markup.Escape(model.Text("kind") ?? "-"), Markup.Escape(model.Group),
                Markup.Escape(model.Text("trainedOn") ?? "-"), model.Number("rows"), model.Time("createdAt"), model.Time("championAt"), Markup.Escape(model.Openings));
        }
        terminal.Console.Write(table);
        return ExitCodes.Success;
    }

    internal static async Task<int> ShowAsync(GatewayClient gateway, Terminal terminal, string version, CancellationToken cancellationToken)
    {
        var model = await FindAsync(gateway, version, cancellationToken);
        terminal.Plain($"  version         {model.Version}");
        terminal.Plain($"  state           {model.Text("state")}");
        terminal.Plain($"  because         {model.Text("reason") ?? "-"}");
        terminal.Plain($"  kind            {model.Text("kind")} for {model.Text("group")}, rows {model.Text("featureSpec")}/{model.Text("rowSpec")}");
        terminal.Plain($"  trained on      {model.Text("trainedOn")}, {model.Number("rows")} rows");
        terminal.Plain($"  made            {model.Time("createdAt")}");
        terminal.Plain($"  became champion {model.Time("championAt")}");
        if (model.Text("kind") == "joint" && model.Time("byHandAt") is not "-" and var byHand)
            terminal.Plain($"  by hand         {byHand}: newer models of its group do not take its place by themselves");
        terminal.Plain($"  replaced        {model.Text("replaced") ?? "-"}");
        if (model.Time("rolledBackAt") is not "-" and var rolledBack)
            terminal.Plain($"  rolled back     {rolledBack}: it becomes champion again only by hand");
        terminal.Plain($"  parent          {model.Text("parent") ?? "-"}");
        terminal.Plain($"  size            {model.Number("sizeBytes")} bytes, SHA-256 {model.Text("sha256")}");
        if (model.Comparison is { } trial)
        {
            terminal.Plain($"  compared with   {trial.Text("against")} since {trial.Time("since")}");
            terminal.Plain($"  ticks compared  {trial.Number("ticks")}");
            terminal.Plain($"  openings        {trial.Number("challengerOpenings")}, the champion {trial.Number("championOpenings")}");
            terminal.Plain($"  agreement       {trial.Number("agreement", "0.###")}");
            if (trial.Part("replay") is { } labels)
                PreviewCommand.Labels(terminal, labels, "by it", "by the champion");
        }
        if (model.Text("state") == "champion")
            await ShowDriftAsync(gateway, terminal, model, cancellationToken);
        return ExitCodes.Success;
    }

    /// <summary>Of the champion alone is known how far measurements have moved from what it learned.</summary>
    static async Task ShowDriftAsync(GatewayClient gateway, Terminal terminal, ModelView model, CancellationToken cancellationToken)
    {
        if (await gateway.TryGetAsync("api/models/drift", cancellationToken) is not { } answer)
            return;
        var drift = new ModelView(answer);
        if (drift.Text("model") != model.Version)
            return;
        terminal.Plain($"  drift           {drift.Text("summary")}");
        var bound = drift.Number("bound", "0.###");
        foreach (var feature in drift.Members("features").Take(3))
            terminal.Plain($"                  {feature.Text("name")} {feature.Number("psi", "0.000")}, where {bound} counts as moved");
        if (drift.Part("watch") is { } watch)
            terminal.Plain($"  watched until   {watch.Time("until")}, {watch.Text("before")} comes back if it must go: {watch.Text("summary")}");
    }

    internal static async Task<int> PromoteAsync(GatewayClient gateway, Terminal terminal, string version, CancellationToken cancellationToken)
    {
        var model = await FindAsync(gateway, version, cancellationToken);
        await gateway.PostAsync($"api/models/{Uri.EscapeDataString(model.Version)}/promote", cancellationToken);
        terminal.Good($"{model.Version} is champion.");
        return ExitCodes.Success;
    }

    internal static async Task<int> RollbackAsync(GatewayClient gateway, Terminal terminal, string group, CancellationToken cancellationToken)
    {
        var name = group == Any ? group : await GroupAsync(gateway, group, cancellationToken);
        var champion = new ModelView(await gateway.PostAsync($"api/models/rollback?group={Uri.EscapeDataString(name)}", cancellationToken));
        terminal.Good($"{champion.Version} is champion again.");
        return ExitCodes.Success;
    }

    static Command WithVersion(string verb, string description, Option<string?> data, Func<GatewayClient, Terminal, string, CancellationToken, Task<int>> run)
    {
        var version = new Argument<string>("VERSION") { Description = "As `./forewarn models` lists it; its beginning is enough." };
        var command = new Command(verb, description) { version };
        command.SetAction((parsed, token) => RunAsync(parsed, data, (gateway, terminal) => run(gateway, terminal, parsed.GetValue(version)!, token)));
        return command;
    }

    static async Task<int> RunAsync(ParseResult parsed, Option<string?> data, Func<GatewayClient, Terminal, Task<int>> run)
    {
        using var gateway = Shared.Gateway(parsed, data);
        return await run(gateway, Shared.NewTerminal());
    }

    static async Task<ModelView> FindAsync(GatewayClient gateway, string version, CancellationToken cancellationToken)
    {
        var found = (await ReadAsync(gateway, cancellationToken)).Where(model => model.Version.StartsWith(version, StringComparison.Ordinal)).ToList();
        return found.Count switch
        {
            1 => found[0],
            0 => throw new LauncherException($"There is no model {version}; `./forewarn models` lists them.", ExitCodes.Failed),
            _ => throw new LauncherException($"{found.Count} models begin with {version}: {string.Join(", ", found.Select(model => model.Version))}.", ExitCodes.Failed),
        };
    }

    static async Task<string> GroupAsync(GatewayClient gateway, string group, CancellationToken cancellationToken)
    {
        var found = (await ReadAsync(gateway, cancellationToken)).Select(model => model.Text("group") ?? "")
            .Where(name => name.StartsWith(group, StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).ToList();
        return found.Count switch
        {
            1 => found[0],
            0 => throw new LauncherException($"No model serves a group {group}; `./forewarn models` lists them.", ExitCodes.Failed),
            _ => throw new LauncherException($"{found.Count} groups begin with {group}: {string.Join(", ", found)}.", ExitCodes.Failed),
        };
    }

    static async Task<List<ModelView>> ReadAsync(GatewayClient gateway, CancellationToken cancellationToken) =>
        await gateway.TryGetAsync("api/models", cancellationToken) is { } page && page.TryGetProperty("items", out var items) && items.ValueKind == JsonValueKind.Array
            ? [.. items.EnumerateArray().Select(item => new ModelView(item))]
            : throw new LauncherException("The gateway does not list models; `./forewarn status` shows what is wrong.", ExitCodes.Failed);
}
