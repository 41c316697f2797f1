using System.CommandLine;
using System.Globalization;
using Forewarn.Launcher.Platform;

namespace Forewarn.Launcher.Commands;

/// <summary><c>export</c>: one complete file of what the running platform has stored, or none.</summary>
static class ExportCommand
{
    public static Command Create()
    {
        var data = Shared.DataOption();
        var kind = Text("--kind", "samples, scores or incidents. Default: samples.", "KIND");
        var format = Text("--format", "csv or parquet. Default: by the ending of --output, else csv.", "FORMAT");
        var from = Text("--from", "Begin: a while ago as 90m, 6h or 2d, 2026-03-10T12:00:00Z, or unix milliseconds. Default: 1h ago; all incidents.", "TIME");
        var to = Text("--to", "End, likewise. Default: now.", "TIME");
        var step = Text("--step", "Min, max, mean and count per 10s, 1m, 1h, ...; values as they were measured without it.", "STEP");
        var output = Text("--output", "File, or - for standard output. Default: a name that says what is in it.", "FILE");
        var force = new Option<bool>("--force") { Description = "Replace the file if it is there." };
        var anomalous = new Option<bool>("--anomalous") { Description = "Of scores, only ticks inside an open decision." };
        var label = new Option<string[]>("--label") { Description = "key:value, key:* or !key:value; may be repeated.", HelpName = "LABEL" };
        var passed = new[]
        {
            Text("--entity", "Name, or a pattern with *. Default: all.", "ENTITY"), Text("--name", "Beginning of the series' name, or a pattern with *.", "NAME"),
            Text("--series", "Series ids, separated by commas.", "IDS"), Text("--unit", "Unit, for example By/s.", "UNIT"),
            Text("--status", "Of incidents: open, acknowledged, resolved.", "STATUS"),
        };
        var command = new Command("export", "Write samples, scores or incidents to a CSV or Parquet file.") { data, kind, format, from, to, step, label, anomalous, output, force };
        foreach (var option in passed)
            command.Add(option);
        command.SetAction(async (parsed, token) =>
        {
            var now = TimeProvider.System.GetUtcNow();
            var file = parsed.GetValue(output);
            var always = parsed.GetValue(kind) == "incidents";
            var query = new ExportQuery()
                .With("kind", parsed.GetValue(kind)).With("format", parsed.GetValue(format) ?? FormatOf(file)).With("label", parsed.GetValue(label) ?? [])
                .With("from", Time("--from", parsed.GetValue(from) ?? (always ? null : "1h"), now))
                .With("to", Time("--to", parsed.GetValue(to) ?? (always ? null : "now"), now))
                .With("step", parsed.GetValue(step) is { } width ? ExportQuery.StepOf(width).ToString(CultureInfo.InvariantCulture) : null)
                .With("anomalous", parsed.GetValue(anomalous) ? "true" : null);
            foreach (var option in passed)
                query.With(option.Name.TrimStart('-'), parsed.GetValue(option));
            using var gateway = Shared.Gateway(parsed, data);
            return await SaveAsync(gateway, query.Path, file, parsed.GetValue(force), Shared.NewTerminal(), token);
        });
        return command;
    }

    /// <summary>Saves the answer under a name once it is complete.</summary>
    internal static async Task<int> SaveAsync(GatewayClient gateway, string path, string? file, bool force, Terminal terminal, CancellationToken cancellationToken)
    {
        if (file == "-")
        {
            await gateway.DownloadAsync(path, _ => Console.OpenStandardOutput(), cancellationToken);
            return ExitCodes.Success;
        }
        if (file is not null)
            EnsureFree(file, force);
        string? part = null;
        try
        {
            await gateway.DownloadAsync(path, suggested =>
            {
                // A suggestion is a name, never a path.
                file ??= Path.GetFileName(suggested) is { Length: > 0 } name ? name : "forewarn-export";
                EnsureFree(file, force);
                return Open(part = file + ".part");
            }, cancellationToken);
            File.Move(part!, file!, overwrite: force);
        }
        catch (IOException refused)
        {
            throw new LauncherException($"{file} cannot be written: {refused.Message}", ExitCodes.Failed, refused);
        }
        finally
        {
            if (part is not null)
                File.Delete(part);
        }
        terminal.Good(string.Create(CultureInfo.InvariantCulture, $"{file}: {new FileInfo(file!).Length:N0} bytes"));
        return ExitCodes.Success;
    }

    static FileStream Open(string part)
    {
        try
        {
            return new FileStream(part, FileMode.Create, FileAccess.Write);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new LauncherException($"{part} cannot be written: {refused.Message}", ExitCodes.Failed, refused);
        }
    }

    static void EnsureFree(string file, bool force)
    {
        if (!force && File.Exists(file))
            throw new LauncherException($"{file} is there already; --force replaces it.", ExitCodes.Failed);
    }

    static string? Time(string option, string? text, DateTimeOffset now) =>
        text is null ? null : ExportQuery.TimeOf(option, text, now).ToString(CultureInfo.InvariantCulture);

    static string? FormatOf(string? file) => file?.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase) == true ? "parquet" : null;

    static Option<string?> Text(string name, string description, string help) => new(name) { Description = description, HelpName = help };
}
