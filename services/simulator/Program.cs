using Forewarn.Simulator;

return await new Application(Console.Out, Console.Error, TimeProvider.System).RunAsync(args);
