using System.CommandLine;

namespace Forewarn.Launcher.Commands.Alerts;

/// <summary><c>alerts</c>: incidents of the running platform, who is told of them and who is not.</summary>
static class AlertsCommand
{
    public static Command Create()
    {
        var data = Shared.DataOption();
        data.Recursive = true;
        var json = new Option<bool>("--json") { Description = "Print the answer as JSON.", Recursive = true };
        var command = new Command("alerts", "List incidents; acknowledge, assign, comment or resolve one; silence, test and try out routes.") { data, json };
        var runner = new AlertRunner(data, json);
        foreach (var child in IncidentCommands.Create(runner).Concat(SilenceCommands.Create(runner)).Concat(RoutingCommands.Create(runner)))
            command.Add(child);
        runner.Run(command, (_, desk, token) => IncidentCommands.ListAsync(desk, all: false, token));
        return command;
    }
}

/// <summary>Runs a verb against the gateway of the platform that runs.</summary>
sealed class AlertRunner(Option<string?> data, Option<bool> json)
{
    public void Run(Command command, Func<ParseResult, AlertDesk, CancellationToken, Task<int>> verb) => command.SetAction(async (parsed, token) =>
    {
        using var gateway = Shared.Gateway(parsed, data);
        return await verb(parsed, new AlertDesk(gateway, Shared.NewTerminal(), parsed.GetValue(json), TimeProvider.System), token);
    });
}
