using System.CommandLine;
using System.Globalization;
using Forewarn.Launcher.Platform;
using Spectre.Console;

namespace Forewarn.Launcher.Commands;

/// <summary><c>models preview</c>: what learning the feedback would have changed, before it is applied.</summary>
static class PreviewCommand
{
    public static Command Create(Option<string?> data)
    {
        var days = new Option<int>("--days") { Description = "How far back. Default: 1.", HelpName = "N", DefaultValueFactory = static _ => 1 };
        var command = new Command("preview", "Show what a model that learned the feedback would have opened, beside the champion. Nothing is applied.") { days };
        command.SetAction(async (parsed, token) =>
        {
            using var gateway = Shared.Gateway(parsed, data);
            return await RunAsync(gateway, Shared.NewTerminal(), parsed.GetValue(days), TimeProvider.System, token);
        });
        return command;
    }

    internal static async Task<int> RunAsync(GatewayClient gateway, Terminal terminal, int days, TimeProvider time, CancellationToken cancellationToken)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"api/feedback/preview?days={days}");
        var code = await TrainCommand.FollowAsync(gateway, path, "Preview", terminal, time, cancellationToken);
        return code == ExitCodes.Success ? await ShowAsync(gateway, terminal, cancellationToken) : code;
    }

    internal static async Task<int> ShowAsync(GatewayClient gateway, Terminal terminal, CancellationToken cancellationToken)
    {
        if (await gateway.TryGetAsync("api/feedback/preview", cancellationToken) is not { } answer)
            throw new LauncherException("The gateway does not give the preview; `./forewarn status` shows what is wrong.", ExitCodes.Failed);
        var preview = new ModelView(answer);
        terminal.Plain($"  taught          {preview.Number("falseAlarms")} false alarms; {preview.Number("useful")} useful and {preview.Number("missed")} missed ones left out");
        var table = new Table().Border(TableBorder.Simple).AddColumns("entity", "from", "incidents now", "with the feedback");
        foreach (var entity in preview.Items("entities"))
            table.AddRow(Markup.Escape(entity.Text("entity") ?? "-"), entity.Time("from"), entity.Number("before"), entity.Number("after"));
        terminal.Console.Write(table);
        if (preview.Number("entitiesLeftOut") is not ("0" or "-") and var more)
            terminal.Plain($"  and {more} entities more that there was no room for");
        if (preview.Part("labels") is { } labels)
            Labels(terminal, labels, "with the feedback", "now");
        return ExitCodes.Success;
    }

    /// <summary>Two models on what people labelled.</summary>
    internal static void Labels(Terminal terminal, ModelView labels, string tried, string champion)
    {
        if (labels.Number("incidents") is "0" or "-" && labels.Number("falseAlarms") is "0" or "-")
        {
            terminal.Plain("  labelled        nobody has called an incident useful, a false alarm or missed, so there was nothing to replay");
            return;
        }
        terminal.Plain($"  labelled        of {labels.Number("incidents")} incidents {labels.Number("challengerFound")} found {tried}, {labels.Number("championFound")} {champion}");
        terminal.Plain($"  false alarms    of {labels.Number("falseAlarms")} repeated {labels.Number("challengerRepeated")} {tried}, {labels.Number("championRepeated")} {champion}");
        foreach (var span in labels.Items("spans"))
        {
            terminal.Plain(
                $"    {span.Text("kind"),-11} {span.Text("entity")} {span.Time("from")}: {After(span, "challengerAfterSeconds")} {tried}, {After(span, "championAfterSeconds")} {champion}");
        }
        if (labels.Number("unread") is not ("0" or "-") and var unread)
            terminal.Plain($"    {unread} left out: history no longer holds them");
    }

    static string After(ModelView span, string name) => span.Number(name, "+0 s;-0 s;+0 s") is var after && after == "-" ? "not" : after;
}
