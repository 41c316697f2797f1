using System.CommandLine;
using Forewarn.Launcher.Publishing;
using Forewarn.Launcher.Testing;

namespace Forewarn.Launcher.Commands;

/// <summary><c>publish</c>: everything into one folder that runs on a machine of this kind without the SDK and without Node.</summary>
static class PublishCommand
{
    public static Command Create()
    {
        var output = new Option<string>("--output") { Description = "Folder to write; it must be empty or not exist.", HelpName = "DIR", Required = true };
        var command = new Command("publish", "Write everything into one folder that runs without the SDK and without Node.") { output };
        command.SetAction((parsed, token) => RunAsync(Path.GetFullPath(parsed.GetValue(output)!), token));
        return command;
    }

    static async Task<int> RunAsync(string output, CancellationToken cancellationToken)
    {
        if (Directory.Exists(output) && Directory.EnumerateFileSystemEntries(output).Any())
            throw new LauncherException($"{output} is not empty: name another folder, or empty it.", ExitCodes.Usage);
        var terminal = Shared.NewTerminal();
        var (_, failed, _) = await new StepRunner(terminal, TimeProvider.System).RunAsync(new Publisher(Checkout.Find(), output).Steps, cancellationToken);
        if (failed > 0)
            return ExitCodes.Failed;
        terminal.Good($"{output} is complete: copy it anywhere and start {Path.Combine(output, "forewarn")} up");
        return ExitCodes.Success;
    }
}
