using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Forewarn.Simulator;

/// <summary>The command line of <c>./forewarn simulate</c>.</summary>
sealed class SimulateCommand
{
    static readonly TimeSpan _day = TimeSpan.FromDays(1);

    readonly Option<string?> _fault = new("--fault") { Description = "Fault to inject; see --list. Without one the host only behaves." };
    readonly Option<bool> _list = new("--list") { Description = "List the faults and exit." };
    readonly Option<string> _entity = new("--entity") { Description = "Name of the simulated host.", DefaultValueFactory = _ => "sim-1" };
    readonly Option<int> _entities = new("--entities") { Description = "Number of hosts; the fault hits the first.", DefaultValueFactory = _ => 1 };
    readonly Option<TimeSpan> _after = Duration("--after", "Live time before the fault.", "20s", TimeSpan.Zero);
    readonly Option<TimeSpan> _for = Duration("--for", "Duration of the fault.", "30s", TimeSpan.FromSeconds(1));
    readonly Option<TimeSpan> _history = Duration("--history", "Past behaviour that is sent first, so that the host is warm at once.", "10m", TimeSpan.Zero);
    readonly Option<TimeSpan> _cooldown = Duration("--cooldown", "Normal behaviour after the fault.", "60s", TimeSpan.Zero);
    readonly Option<TimeSpan?> _total = new("--total")
    {
        Description = "Live time in all. Default: until the cool-down is over; for ever without a fault.",
        CustomParser = result => Parse(result, TimeSpan.FromSeconds(1)),
    };
    readonly Option<int> _seed = new("--seed") { Description = "The same seed gives the same values.", DefaultValueFactory = _ => 1 };
    readonly Option<Uri> _ingest = new("--ingest")
    {
        Description = "Address of ingestion's public listener. Default: that of the running platform, else http://127.0.0.1:7701 or the port in INGESTION__PORT.",
        DefaultValueFactory = _ => DefaultAddress(
            Environment.GetEnvironmentVariable("FOREWARN_INGEST_URL"), Environment.GetEnvironmentVariable("INGESTION__PORT")),
        CustomParser = ParseAddress,
    };
    readonly Option<string?> _truth = new("--truth") { Description = "File to which the ground truth is appended as a JSON line when the fault begins." };
    readonly Option<bool> _json = new("--json") { Description = "Print JSON lines, one per phase, and nothing else." };

    public RootCommand Create(Func<SimulationPlan, CancellationToken, Task<int>> run, Func<int> list)
    {
        _fault.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } name && FaultCatalogue.Find(name) is null)
                result.AddError($"There is no fault '{name}'. Known: {string.Join(", ", FaultCatalogue.All.Select(fault => fault.Name))}.");
        });
        _entity.Validators.Add(result => AddErrorUnless(result, result.GetValueOrDefault<string>() is { Length: > 0 and <= 240 }, "--entity needs a name of at most 240 characters."));
        _entities.Validators.Add(result => AddErrorUnless(result, result.GetValueOrDefault<int>() is >= 1 and <= 10_000, "--entities must be 1 to 10000."));
        var root = new RootCommand("Simulates hosts with believable metrics, injects a fault and keeps the truth about it.")
        {
            _fault, _list, _entity, _entities, _after, _for, _history, _cooldown, _total, _seed, _ingest, _truth, _json,
        };
        root.SetAction((parsed, cancellationToken) => parsed.GetValue(_list) ? Task.FromResult(list()) : run(Plan(parsed), cancellationToken));
        return root;
    }

    internal static Uri DefaultAddress(string? running, string? port)
    {
        if (TryAddress(running, out var address))
            return address;
        var known = int.TryParse(port, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 65535 ? number : 7701;
        return new Uri($"http://127.0.0.1:{known}");
    }

    SimulationPlan Plan(ParseResult parsed) => new()
    {
        Fault = parsed.GetValue(_fault) is { } name ? FaultCatalogue.Find(name) : null,
        Entity = parsed.GetValue(_entity)!,
        Entities = parsed.GetValue(_entities),
        History = parsed.GetValue(_history),
        After = parsed.GetValue(_after),
        For = parsed.GetValue(_for),
        Cooldown = parsed.GetValue(_cooldown),
        Total = parsed.GetValue(_total),
        Seed = parsed.GetValue(_seed),
        Ingest = parsed.GetValue(_ingest)!,
        Truth = parsed.GetValue(_truth),
        Json = parsed.GetValue(_json),
    };

    static Option<TimeSpan> Duration(string name, string description, string fallback, TimeSpan least) => new(name)
    {
        Description = $"{description} For example 45s or 15m; default {fallback}.",
        DefaultValueFactory = _ => DurationText.TryParse(fallback, out var duration) ? duration : default,
        CustomParser = result => Parse(result, least) ?? default,
    };

    static TimeSpan? Parse(ArgumentResult result, TimeSpan least)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (DurationText.TryParse(text, out var duration) && duration >= least && duration <= _day)
            return duration;
        result.AddError($"'{text}' is not a duration from {least.TotalSeconds:0} s to a day. Write for example 45s, 15m or 2h.");
        return null;
    }

    static Uri? ParseAddress(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (TryAddress(text, out var address))
            return address;
        result.AddError($"'{text}' is not an http address such as http://127.0.0.1:7701.");
        return null;
    }

    static bool TryAddress(string? text, [NotNullWhen(true)] out Uri? address) =>
        Uri.TryCreate(text, UriKind.Absolute, out address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps);

    static void AddErrorUnless(OptionResult result, bool good, string message)
    {
        if (!good)
            result.AddError(message);
    }
}
