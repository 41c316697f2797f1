using System.CommandLine;
using System.Text.Json;
using Forewarn.Launcher.Platform;
using Spectre.Console;

namespace Forewarn.Launcher.Commands;

/// <summary><c>train</c>: asks the running platform to train from its history, and follows the job to its end.</summary>
static class TrainCommand
{
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    public static Command Create()
    {
        var data = Shared.DataOption();
        var kind = new Option<string?>("--kind") { Description = "What to train: isolation-forest, autoencoder or half-space-trees; the configured kind without it.", HelpName = "KIND" };
        var command = new Command("train", "Train a new model from history; it is tried beside the champion, or takes over at once when that one was generated.") { data, kind };
        command.SetAction(async (parsed, token) =>
        {
            using var gateway = Shared.Gateway(parsed, data);
            return await FollowAsync(gateway, PathFor(parsed.GetValue(kind)), "Training", Shared.NewTerminal(), TimeProvider.System, token);
        });
        return command;
    }

    /// <summary>Starts a job and shows its progress to its end.</summary>
    internal static async Task<int> FollowAsync(GatewayClient gateway, string path, string what, Terminal terminal, TimeProvider time, CancellationToken cancellationToken)
    {
        var job = await gateway.PostAsync(path, cancellationToken);
        var id = Text(job, "id") ?? throw new LauncherException($"The gateway's answer to {path} has no job id.", ExitCodes.Failed);
        await terminal.Console.Progress().AutoClear(false)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async progress =>
            {
                var bar = progress.AddTask(what.ToLowerInvariant(), maxValue: 1);
                var silent = 0;
                while (Text(job, "status") == "running")
                {
                    await Task.Delay(PollInterval, time, cancellationToken);
                    if (await gateway.TryGetAsync($"api/jobs/{Uri.EscapeDataString(id)}", cancellationToken) is { } answer)
                        (job, silent) = (answer, 0);
                    else if (++silent == 60)
                        throw new LauncherException($"Nothing is heard of job {id} any more; `./forewarn status` shows the trainer.", ExitCodes.Failed);
                    bar.Description = Markup.Escape(Text(job, "message") ?? what);
                    bar.Value = job.TryGetProperty("progress", out var done) && done.ValueKind == JsonValueKind.Number ? done.GetDouble() : bar.Value;
                }
            });
        if (Text(job, "status") != "succeeded")
        {
            terminal.Bad($"{what} failed: {Text(job, "message")}");
            return ExitCodes.Failed;
        }
        terminal.Good($"{Text(job, "message")}{(Text(job, "model") is { } model ? $" (model {model})" : "")}");
        return ExitCodes.Success;
    }

    // Which kinds there are is the trainer's to say; its refusal names them.
    static string PathFor(string? kind) => kind is null ? "api/train" : $"api/train?kind={Uri.EscapeDataString(kind)}";

    static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;
}
