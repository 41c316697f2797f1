using System.CommandLine;

namespace Forewarn.Simulator;

/// <summary>What <c>./forewarn simulate</c> is asked for.</summary>
sealed record SimulateRequest(Scenario Scenario, RunSettings Settings, Door Door, bool Json);

/// <summary>The command line of <c>./forewarn simulate</c>.</summary>
sealed class SimulateCommand
{
    readonly Option<string?> _fault = new("--fault") { Description = "Fault to inject; see --list. Without one the hosts only behave." };
    readonly Option<string[]> _with = new("--with") { Description = "Parameter of the fault, for example --with severity=0.5. May be repeated.", HelpName = "NAME=VALUE", DefaultValueFactory = static _ => [] };
    readonly Option<bool> _list = new("--list") { Description = "List the faults with their parameters and exit." };
    readonly Option<string?> _scenario = new("--scenario") { Description = "YAML file with a fleet and what happens to it; instead of --fault and what belongs to it.", HelpName = "FILE" };
    readonly Option<string> _entity = new("--entity") { Description = "Name of the simulated host.", DefaultValueFactory = _ => "sim-1" };
    readonly Option<int> _entities = new("--entities") { Description = "Number of hosts, four to a physical node; the fault hits the first.", DefaultValueFactory = _ => 1 };
    readonly Option<double> _missing = new("--missing") { Description = "Share of seconds in which an exporter does not answer.", DefaultValueFactory = _ => FleetPlan.UsualMissing };
    readonly Option<TimeSpan> _after = Arguments.Duration("--after", "Live time before the fault.", "20s", TimeSpan.Zero);
    readonly Option<TimeSpan> _for = Arguments.Duration("--for", "Duration of the fault.", "30s", TimeSpan.FromSeconds(1));
    readonly Option<TimeSpan> _history = Arguments.Duration("--history", "Past behaviour that is sent first, so that the hosts are warm at once.", "10m", TimeSpan.Zero);
    readonly Option<TimeSpan> _cooldown = Arguments.Duration("--cooldown", "Normal behaviour after the fault.", "60s", TimeSpan.Zero);
    readonly Option<TimeSpan?> _total = new("--total")
    {
        Description = "Live time in all. Default: until the cool-down is over; for ever without a fault.",
        CustomParser = result => Arguments.ParseDuration(result, TimeSpan.FromSeconds(1)),
    };
    readonly Option<string> _speed = new("--speed") { HelpName = "real|max", Description = "real: live time begins now. max: everything as fast as it is taken, ending now.", DefaultValueFactory = _ => "real" };
    readonly Option<int> _seed = new("--seed") { Description = "The same seed gives the same values.", DefaultValueFactory = _ => 1 };
    readonly Option<string?> _truth = new("--truth") { Description = "File to which the ground truth is appended as a JSON line when a fault begins.", HelpName = "FILE" };
    readonly Option<bool> _json = new("--json") { Description = "Print JSON lines, one for each phase, and nothing else." };
    readonly DoorOptions _door = new();

    public RootCommand Create(Func<SimulateRequest, CancellationToken, Task<int>> run, Func<int> list)
    {
        var root = new RootCommand("Simulates hosts with believable metrics, injects faults and keeps the truth about them.")
        {
            _fault, _with, _list, _scenario, _entity, _entities, _missing, _after, _for, _history, _cooldown, _total, _speed, _seed,
        };
        _door.AddTo(root);
        root.Add(_truth);
        root.Add(_json);
        Validate(root);
        root.SetAction((parsed, cancellationToken) => parsed.GetValue(_list) ? Task.FromResult(list()) : run(Request(parsed), cancellationToken));
        return root;
    }

    void Validate(RootCommand root)
    {
        _fault.Validators.Add(result => Arguments.AddErrorUnless(
            result, result.GetValueOrDefault<string?>() is not { } name || FaultCatalogue.Find(name) is not null,
            $"There is no fault '{result.GetValueOrDefault<string?>()}'. Known: {string.Join(", ", FaultCatalogue.All.Select(fault => fault.Name))}."));
        _entity.Validators.Add(result => Arguments.AddErrorUnless(result, result.GetValueOrDefault<string>() is { Length: > 0 and <= 240 }, "--entity needs a name of at most 240 characters."));
        _entities.Validators.Add(result => Arguments.AddErrorUnless(result, result.GetValueOrDefault<int>() is >= 1 and <= 10_000, "--entities must be 1 to 10000."));
        _missing.Validators.Add(result => Arguments.AddErrorUnless(result, result.GetValueOrDefault<double>() is >= 0 and <= 0.5, "--missing must be a share from 0 to 0.5."));
        _speed.Validators.Add(result => Arguments.AddErrorUnless(result, result.GetValueOrDefault<string>() is "real" or "max", "--speed must be real or max."));
        root.Validators.Add(result =>
        {
            var given = new Option[] { _fault, _with, _entity, _entities, _missing, _after, _for, _history, _cooldown, _total, _seed }
                .Where(option => result.GetResult(option) is { Implicit: false }).Select(option => option.Name).ToList();
            if (result.GetResult(_scenario) is { Implicit: false })
                Arguments.AddErrorUnless(result, given.Count == 0, $"{string.Join(", ", given)}: the scenario file says it.");
            else
                AddSettingErrors(result);
        });
    }

    void AddSettingErrors(System.CommandLine.Parsing.CommandResult result)
    {
        var fault = result.GetValue(_fault) is { } name ? FaultCatalogue.Find(name) : null;
        if (fault is not null)
        {
            foreach (var error in SettingsOf(fault, result.GetValue(_with) ?? []).Errors)
                result.AddError($"{error}.");
        }
        Arguments.AddErrorUnless(result, fault is not null || result.GetValue(_fault) is not null || result.GetValue(_with) is not { Length: > 0 }, "--with belongs to a --fault.");
        Arguments.AddErrorUnless(
            result, result.GetValue(_speed) != "max" || fault is not null || result.GetResult(_total) is not null, "--speed max needs an end: a --fault or --total.");
    }

    /// <exception cref="ScenarioException">The file is not usable.</exception>
    SimulateRequest Request(ParseResult parsed) => new(
        parsed.GetValue(_scenario) is { } file ? ScenarioFile.Read(file) : Scenario(parsed),
        new RunSettings(parsed.GetValue(_truth), parsed.GetValue(_speed) == "max"), _door.Door(parsed), parsed.GetValue(_json));

    Scenario Scenario(ParseResult parsed)
    {
        var entity = parsed.GetValue(_entity)!;
        var fault = parsed.GetValue(_fault) is { } name ? FaultCatalogue.Find(name) : null;
        return new()
        {
            Name = entity,
            Fleet = new FleetPlan { First = entity, Hosts = parsed.GetValue(_entities), Missing = parsed.GetValue(_missing) },
            Seed = parsed.GetValue(_seed),
            History = parsed.GetValue(_history),
            Cooldown = parsed.GetValue(_cooldown),
            Total = parsed.GetValue(_total),
            Faults = fault is null ? [] : [new(fault, SettingsOf(fault, parsed.GetValue(_with)!).Settings, entity, parsed.GetValue(_after), parsed.GetValue(_for))],
        };
    }

    static (FaultSettings Settings, IReadOnlyList<string> Errors) SettingsOf(Fault fault, string[] given)
    {
        var (settings, errors) = (FaultSettings.Defaults(fault), new List<string>());
        foreach (var text in given.SelectMany(each => each.Split(',')))
        {
            var parts = text.Split('=', 2);
            settings = settings.With(fault, parts[0], parts.Length == 2 ? parts[1] : "", out var error);
            if (error is not null)
                errors.Add(error);
        }
        return (settings, errors);
    }
}
