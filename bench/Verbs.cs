using System.CommandLine;
using System.Text.Json;
using Forewarn.Bench.Alert;
using Forewarn.Bench.Detection;
using Forewarn.Bench.Encoding;
using Forewarn.Bench.Forest;
using Forewarn.Bench.History;
using Forewarn.Bench.Idle;
using Forewarn.Bench.Ingest;
using Forewarn.Bench.Loop;
using Forewarn.Bench.Scrape;
using Forewarn.Bench.Sidecar;

namespace Forewarn.Bench;

/// <summary>What a bench found.</summary>
/// <param name="Passed">Every bar was held.</param>
/// <param name="Result">Written by <c>--json</c>.</param>
sealed record Outcome(bool Passed, object Result);

/// <summary>The benches, one line each.</summary>
static class Verbs
{
    static readonly Option<int> Entities = Number("--entities", "Entities of the fleet", new LoopSettings().Entities);
    static readonly Option<int> Series = Number("--series", "Series per entity", new LoopSettings().Series);
    static readonly Option<int> WarmUp = Number("--warm-up", "Seconds before measuring", new LoopSettings().WarmUpSeconds);
    static readonly Option<int> Seconds = Number("--seconds", "Seconds measured", new LoopSettings().Seconds);
    static readonly Option<int> FaultCount = Number("--faults", "Faults injected, one a second", new AlertSettings().Faults);
    static readonly Option<int> ThroughputSeconds = Number("--seconds", "Seconds of publishing", 5);
    static readonly Option<int> RatedSeconds = Number("--seconds", "Seconds of rated load", new HistorySettings().Seconds);
    static readonly Option<int> Millions = Number("--millions", "Million samples stored when charts are asked for", new HistorySettings().Millions);
    static readonly Option<DirectoryInfo> LabelledData = new("--data")
    {
        Description = "Folder of labelled sets: train.csv.gz, test.csv.gz, labels.csv.gz in each; generated rows when there are none",
        DefaultValueFactory = _ => new DirectoryInfo(Path.Combine(Testing.Checkout.Root, "..", "shared", "data")),
    };
    static readonly Option<int> IdleSeconds = Number("--seconds", "Seconds measured", 60);

    public static IReadOnlyList<Command> All =>
    [
        Verb("forest", "Isolation Forest: training, scoring and ROC-AUC against scikit-learn on the same rows", [LabelledData],
            async (given, cancellationToken) =>
            {
                var result = await ForestBench.RunAsync(given.GetValue(LabelledData)!.FullName, cancellationToken);
                return new Outcome(result.Passed, result);
            }),
        Verb("detection", "A tick through the joint model, and a point through a metric's lane, against their peers", [],
            (_, _) =>
            {
                var result = DetectionBench.Run();
                return Task.FromResult(new Outcome(result.Passed, result));
            }),
        Verb("loop", "A fleet through every hop: latency, throughput and cost", [Entities, Series, WarmUp, Seconds],
            async (given, _) =>
            {
                var result = await LoopBench.RunAsync(new LoopSettings(
                    given.GetValue(Entities), given.GetValue(Series), given.GetValue(WarmUp), given.GetValue(Seconds)));
                return new Outcome(result.Passed, result);
            }),
        Verb("alert", "From a fault to the webhook, a detection to the webhook beside Alertmanager, and ten thousand detections at once", [FaultCount],
            async (given, _) =>
            {
                var result = await AlertBench.RunAsync(new AlertSettings(Faults: given.GetValue(FaultCount)));
                return new Outcome(result.Passed, result);
            }),
        Verb("history", "Storing against bare COPY by table layout, cost at the rated load, latency of charts", [Entities, Series, RatedSeconds, Millions],
            async (given, _) =>
            {
                var result = await HistoryBench.RunAsync(new HistorySettings(
                    given.GetValue(Entities), given.GetValue(Series), given.GetValue(RatedSeconds), given.GetValue(Millions)));
                return new Outcome(result.Passed, result);
            }),
        Verb("idle", "What the platform costs while it watches one quiet host", [IdleSeconds],
            async (given, _) =>
            {
                var result = await IdleBench.RunAsync(given.GetValue(IdleSeconds));
                return new Outcome(result.Passed, result);
            }),
        Verb("sidecar", "The embedded Dapr sidecar against the bare network trips it is made of", [ThroughputSeconds],
            async (given, _) =>
            {
                var result = await SidecarBench.RunAsync(given.GetValue(ThroughputSeconds));
                return new Outcome(result.Passed, result);
            }),
        Verb("ingest", "What a sample costs each door, beside merely decompressing its bytes, and remote write from sender to broker", [],
            async (_, _) =>
            {
                var result = await IngestBench.RunAsync();
                return new Outcome(result.Passed, result);
            }),
        Verb("scrape", "What /metrics of the gateway costs: memory per series, a scrape of 50,000 series and of all", [Entities, Series],
            async (given, cancellationToken) =>
            {
                var result = await ScrapeBench.RunAsync(given.GetValue(Entities), given.GetValue(Series), cancellationToken);
                return new Outcome(result.Passed, result);
            }),
        Verb("encoding", "Feature vectors as JSON numbers or as base64 of float32", [],
            (_, _) => Task.FromResult(new Outcome(Passed: true, EncodingBench.Run()))),
    ];

    static Command Verb(string name, string description, Option[] options, Func<ParseResult, CancellationToken, Task<Outcome>> run)
    {
        var json = new Option<FileInfo?>("--json") { Description = "Write the result to this file as well" };
        var command = new Command(name, description);
        foreach (var option in options.Append(json))
            command.Options.Add(option);
        command.SetAction(async (given, cancellationToken) =>
        {
            var outcome = await run(given, cancellationToken);
            if (given.GetValue(json) is { } file)
                await File.WriteAllBytesAsync(file.FullName, JsonSerializer.SerializeToUtf8Bytes(outcome.Result, Indented), cancellationToken);
            return outcome.Passed ? 0 : 1;
        });
        return command;
    }

    static Option<int> Number(string name, string description, int otherwise) =>
        new(name) { Description = description, DefaultValueFactory = _ => otherwise };

    static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };
}
