using System.CommandLine;

namespace Forewarn.Simulator;

/// <summary>What <c>./forewarn drill</c> is asked for.</summary>
/// <param name="Json">File for the report; null = none.</param>
/// <param name="Api">The gateway.</param>
sealed record DrillRequest(Scenario Scenario, RunSettings Settings, Door Door, Uri Api, string? Json);

/// <summary>The command line of <c>./forewarn drill</c>.</summary>
sealed class DrillCommand
{
    readonly Argument<string?> _scenario = new("SCENARIO") { Description = "YAML file as for simulate --scenario. Default: the whole catalogue on one fleet, within 12 minutes.", Arity = ArgumentArity.ZeroOrOne };
    readonly Option<string?> _json = new("--json") { Description = "Write the report as JSON, too.", HelpName = "FILE" };
    readonly Option<string?> _truth = new("--truth") { Description = "File to which the ground truth is appended as a JSON line when a fault begins.", HelpName = "FILE" };
    readonly Option<Uri> _api = new("--api")
    {
        Description = "The platform's gateway. Default: that of the running platform, else http://127.0.0.1:7700 or the port in GATEWAY__PORT.",
        HelpName = "URL",
        DefaultValueFactory = _ => Arguments.LocalAddress(null, Environment.GetEnvironmentVariable("GATEWAY__PORT"), 7700),
        CustomParser = Arguments.ParseAddress,
    };
    readonly DoorOptions _door = new();

    /// <param name="tag">Tells the hosts of this drill from those of others.</param>
    public RootCommand Create(Func<DrillRequest, CancellationToken, Task<int>> run, string tag)
    {
        var root = new RootCommand("Injects known faults into the running platform and measures what it tells of them, and how early.") { _scenario, _json, _truth, _api };
        _door.AddTo(root);
        root.SetAction((parsed, cancellationToken) => run(Request(parsed, tag), cancellationToken));
        return root;
    }

    /// <exception cref="ScenarioException">The file is not usable.</exception>
    DrillRequest Request(ParseResult parsed, string tag)
    {
        var scenario = parsed.GetValue(_scenario) is { } file ? ScenarioFile.Read(file) : ScenarioFile.Default;
        return new(
            scenario with { Fleet = scenario.Fleet with { Prefix = $"{tag}-" } }, new RunSettings(parsed.GetValue(_truth)), _door.Door(parsed),
            parsed.GetValue(_api)!, parsed.GetValue(_json));
    }
}
