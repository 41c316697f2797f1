using System.CommandLine;
using Forewarn.Launcher;
using Forewarn.Launcher.Commands;
using Forewarn.Launcher.Commands.Alerts;

if (args is [var verb, .. var rest] && PassThrough.Find(verb) is { } other)
    return await Guard.RunAsync(() => other.RunAsync(Checkout.Find(), rest));

var published = Checkout.TryFind() is { IsPublished: true };
var root = new RootCommand("Forewarn: watches systems in real time and warns before they break.")
{
    UpCommand.Create(), StatusCommand.Create(), DownCommand.Create(), DoctorCommand.Create(), TrainCommand.Create(), ModelsCommand.Create(),
    AlertsCommand.Create(), ExportCommand.Create(),
};
foreach (var command in published ? [] : Development.Commands())
    root.Add(command);
foreach (var command in PassThrough.Commands(published))
    root.Add(command);

root.HelpName = "./forewarn";

var parsed = root.Parse(args);
// `up` ends its children itself, which takes longer than the parser would wait.
var code = await Guard.RunAsync(() => parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }));
return parsed.Errors.Count > 0 ? ExitCodes.Usage : code;
