using System.CommandLine;
using Forewarn.Bench;

var root = new RootCommand("Measures Forewarn on this machine; a bench that misses its bar exits with 1.");
foreach (var verb in Verbs.All)
    root.Subcommands.Add(verb);
return await root.Parse(args).InvokeAsync();
