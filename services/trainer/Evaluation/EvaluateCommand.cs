using System.Runtime.InteropServices;
using System.Text.Json;

namespace Forewarn.Trainer;

/// <summary><c>evaluate</c>: measures detectors on labelled data. It starts no service and needs none.</summary>
sealed class EvaluateCommand(TextWriter output, TextWriter errors, TimeProvider time)
{
    public static async Task<int> RunAsync(string[] args)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        return await new EvaluateCommand(Console.Out, Console.Error, TimeProvider.System).RunAsync(args, stop.Token);

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    public async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancellationToken)
    {
        if (args.Any(arg => arg is "--help" or "-h"))
        {
            await output.WriteLineAsync(EvaluateArguments.Usage);
            return ExitCodes.Success;
        }
        var (arguments, error) = EvaluateArguments.Parse(args);
        if (arguments is null)
            return await RefuseAsync(error!);
        try
        {
            await (arguments.From is { } from ? PageAsync(from, arguments.Page!, cancellationToken) : MeasureAsync(arguments, cancellationToken));
            return ExitCodes.Success;
        }
        catch (EvaluationException unusable)
        {
            return await RefuseAsync(unusable.Message);
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync($"The report cannot be written: {unwritable.Message}");
            return ExitCodes.Failed;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await errors.WriteLineAsync("Interrupted; nothing was written.");
            return ExitCodes.Interrupted;
        }
    }

    async Task MeasureAsync(EvaluateArguments arguments, CancellationToken cancellationToken)
    {
        var report = new EvaluationRun(Kinds(arguments), Tell, time).Run(DataReader.Read(arguments.Paths, arguments.Cadences), arguments.Ttb, cancellationToken);
        foreach (var line in ReportText.Lines(report))
            await output.WriteLineAsync(line);
        if (arguments.Json is { } json)
            await File.WriteAllBytesAsync(json, JsonSerializer.SerializeToUtf8Bytes(report, EvaluationJson.Default.EvaluationReport), cancellationToken);
        if (arguments.Page is { } page)
            await ReportPage.WriteAsync(report, page, cancellationToken);
    }

    static async Task PageAsync(string from, string page, CancellationToken cancellationToken)
    {
        EvaluationReport? report;
        try
        {
            report = JsonSerializer.Deserialize(await File.ReadAllBytesAsync(from, cancellationToken), EvaluationJson.Default.EvaluationReport);
        }
        catch (Exception unreadable) when (unreadable is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new EvaluationException($"{from} is no report that `evaluate --json` wrote: {unreadable.Message}", unreadable);
        }
        await ReportPage.WriteAsync(report ?? throw new EvaluationException($"{from} is empty."), page, cancellationToken);
    }

    static EvaluatedKind[] Kinds(EvaluateArguments arguments)
    {
        EvaluatedKind[] known = [.. ShippedKinds.All, .. BaselineKinds.All];
        if (arguments.Only.Count == 0)
            return arguments.Baseline ? known : [.. ShippedKinds.All];
        return
        [
            .. arguments.Only.Distinct(StringComparer.Ordinal).Select(name => Array.Find(known, kind => kind.Name == name)
                ?? throw new EvaluationException($"'{name}' is no detector; known are {string.Join(", ", known.Select(kind => kind.Name))}.")),
        ];
    }

    void Tell(string what) => errors.WriteLine($"evaluate: {what}");

    async Task<int> RefuseAsync(string why)
    {
        await errors.WriteLineAsync(why);
        await errors.WriteLineAsync(EvaluateArguments.Usage);
        return ExitCodes.BadArguments;
    }
}
