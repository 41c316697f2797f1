using System.Globalization;
using Forewarn.Bench.Rig;
using Spectre.Console;

namespace Forewarn.Bench.Ingest;

/// <summary>
/// What a sample costs each door, from the body's bytes on, once its series is known: processor time of one thread, beside what the same bytes cost that are
/// merely decompressed and looked at.
/// </summary>
static class IngestBench
{
    const int Rounds = 60;

    /// <summary>A round takes the bodies so often that the clock's steps do not matter.</summary>
    const int SamplesPerRound = 50_000;

    /// <summary>Samples a second from sender to broker, on two cores that the sender and the sidecar share.</summary>
    const double EndToEndBar = 100_000;

    public static async Task<IngestResult> RunAsync()
    {
        var doors = DoorCases.All().Select(Measure).ToList();
        var whole = await EndToEnd.MeasureAsync();
        var result = new IngestResult(
            doors, whole, doors.Count > 0 && doors.All(door => door.SamplesPerSecond >= (door.Bar ?? 0)) && whole.SamplesPerSecond >= EndToEndBar);
        Print(result);
        return result;
    }

    static DoorResult Measure(DoorCase door)
    {
        var samples = door.Bodies.Sum(door.Take);
        var times = Math.Max(1, SamplesPerRound / samples);
        var bytes = door.Bodies.Sum(body => (long)body.Length) / (double)samples;
        var unpacked = door.Bodies.Sum(body => (long)door.Unpack(body)) / (double)samples;
        Clock bare = new(), taking = new(), publishing = new();
        var allocated = 0L;
        for (var round = -Rounds / 3; round < Rounds; round++)
        {
            bare.Time(round, () => All(door, times, body => door.Unpack(body)));
            var before = GC.GetAllocatedBytesForCurrentThread();
            taking.Time(round, () => All(door, times, body => door.Take(body)));
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            publishing.Time(round, () => All(door, times, door.Publish));
        }
        var all = samples * times;
        return new DoorResult(
            door.Name, bytes, unpacked, 1e6 * all / taking.Median, 1e6 * all / publishing.Median, taking.RatioTo(bare), (double)allocated / all, door.Bar);
    }

    static void All(DoorCase door, int times, Action<byte[]> action)
    {
        for (var i = 0; i < times; i++)
        {
            foreach (var body in door.Bodies)
                action(body);
        }
    }

    static void Print(IngestResult result)
    {
        var table = new Table().AddColumns("door", "bytes/sample", "unpacked", "samples/s on one core", "bar", "times bare unpacking", "B allocated/sample", "to tables, samples/s");
        foreach (var door in result.Doors)
        {
            table.AddRow(
                door.Name, Text(door.Bytes, "0.0"), Text(door.UnpackedBytes, "0.0"), Text(door.SamplesPerSecond, "#,0"), door.Bar is { } bar ? Text(bar, "#,0") : "-",
                Text(door.TimesBare, "0.0"), Text(door.AllocatedBytes, "0.0"), Text(door.PublishedPerSecond, "#,0"));
        }
        AnsiConsole.Write(table);
        AnsiConsole.MarkupLine(
            $"remote write, sender to broker: {Text(result.EndToEnd.SamplesPerSecond, "#,0")} samples/s (bar {Text(EndToEndBar, "#,0")}), ingestion used {Text(result.EndToEnd.IngestionCores, "0.00")} cores, "
            + $"{result.EndToEnd.Refused} requests of {result.EndToEnd.Requests} refused; {Environment.ProcessorCount} cores, load before {result.EndToEnd.LoadBefore}");
        AnsiConsole.MarkupLine(result.Passed ? "[green]passed[/]" : "[red]missed[/]");
    }

    static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}

/// <param name="Doors">One each.</param>
/// <param name="EndToEnd">Remote write through the running service.</param>
/// <param name="Passed">The bars were held.</param>
sealed record IngestResult(IReadOnlyList<DoorResult> Doors, EndToEndResult EndToEnd, bool Passed);

/// <param name="Bytes">Of a body, for each sample.</param>
/// <param name="UnpackedBytes">After decompression.</param>
/// <param name="SamplesPerSecond">From the body's bytes to samples, a second of processor time.</param>
/// <param name="PublishedPerSecond">On to the tables that are published.</param>
/// <param name="TimesBare">Processor time, in that of merely decompressing and looking at each byte.</param>
/// <param name="AllocatedBytes">For each sample.</param>
/// <param name="Bar">Samples a second at least.</param>
sealed record DoorResult(
    string Name, double Bytes, double UnpackedBytes, double SamplesPerSecond, double PublishedPerSecond, double TimesBare, double AllocatedBytes, double? Bar);
