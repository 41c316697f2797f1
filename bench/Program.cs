using System.CommandLine;
using Forewarn.Bench;
using Spectre.Console;

// Redirected output has no width of its own: tables stay whole.
const int wide = 200;
if (Console.IsOutputRedirected)
    AnsiConsole.Profile.Width = wide;

var root = new RootCommand("Measures Forewarn on this machine; a bench that misses its bar exits with 1.");
foreach (var verb in Verbs.All)
    root.Subcommands.Add(verb);
return await root.Parse(args).InvokeAsync();
