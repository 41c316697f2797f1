using System.CommandLine;
using System.Diagnostics;
using Forewarn.Launcher.Platform;
using Forewarn.Launcher.Testing;

namespace Forewarn.Launcher.Commands;

/// <summary>Verbs that are programs of their own: everything after the verb, <c>--help</c> too, goes to them as it is.</summary>
/// <param name="Project">The .NET project that is the program.</param>
/// <param name="NeedsCheckout">It is not part of a published folder.</param>
/// <param name="NeedsPostgres">The first argument with which it wants a PostgreSQL; null = none does.</param>
/// <param name="PassVerb">The program is more than this verb, and is told it.</param>
sealed record PassThrough(string Verb, string Project, string Description, bool NeedsCheckout = false, string? NeedsPostgres = null, bool PassVerb = false)
{
    const string PostgresSetting = "FOREWARN_TEST_POSTGRES";

    static readonly PassThrough[] Table =
    [
        new("simulate", "Simulator", "Send a simulated fleet's measurements, with faults where asked for.", PassVerb: true),
        new("drill", "Simulator", "Inject known faults into the running platform and measure what it tells of them.", PassVerb: true),
        new("evaluate", "Trainer", "Measure detection on labelled data, or early warning on generated series.", PassVerb: true),
        new("bench", "Bench", "Measure: loop, idle and others by name.", NeedsCheckout: true, NeedsPostgres: "history"),
    ];

    public static PassThrough? Find(string verb) => Table.FirstOrDefault(entry => entry.Verb == verb);

    /// <summary>For the list of verbs in <c>--help</c>; they are run before the command line is parsed.</summary>
    public static IEnumerable<Command> Commands(bool published) => Table.Where(entry => !(published && entry.NeedsCheckout)).Select(entry => new Command(entry.Verb, entry.Description) { TreatUnmatchedTokensAsErrors = false });

    public async Task<int> RunAsync(Checkout checkout, IReadOnlyList<string> arguments)
    {
        var (program, leading) = checkout.Program(Project);
        var start = new ProcessStartInfo(program, [.. leading, .. ArgumentsFor(arguments)]);
        if (new RunStateFile(checkout.DefaultData).Read() is { } state && state.Launcher.IsAlive)
        {
            // What is running may listen elsewhere than by default; the programs read the services' own variables.
            start.Environment.TryAdd("GATEWAY__PORT", PortOf(state.Dashboard));
            start.Environment.TryAdd("INGESTION__PORT", PortOf(state.Ingest));
        }
        start.Environment.TryAdd("FOREWARN_ROOT", checkout.Root);
        // The terminal's signals reach the program itself; this one waits for it to end.
        using var signals = new Signals();
        await using var postgres = await PostgresAsync(checkout, arguments, start.Environment, signals.Token);
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        await using var forward = signals.Token.Register(() => Libc.Kill(process.Id, Libc.SigTerm));
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode;
    }

    /// <summary>What the program is given of what followed the verb.</summary>
    internal IReadOnlyList<string> ArgumentsFor(IReadOnlyList<string> arguments) => PassVerb ? [Verb, .. arguments] : arguments;

    async Task<TestPostgres?> PostgresAsync(
        Checkout checkout, IReadOnlyList<string> arguments, IDictionary<string, string?> environment, CancellationToken cancellationToken)
    {
        if (NeedsPostgres is null || arguments is not [var first, ..] || first != NeedsPostgres || environment.TryGetValue(PostgresSetting, out var given) && given is { Length: > 0 })
            return null;
        var postgres = await TestPostgres.StartAsync(checkout, Shared.NewTerminal(), durable: true, cancellationToken);
        environment[PostgresSetting] = postgres.ConnectionString;
        return postgres;
    }

    static string PortOf(string address) => new Uri(address).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
