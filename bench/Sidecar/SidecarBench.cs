using System.Diagnostics;
using System.Globalization;
using Dapr.Client.Autogen.Grpc.v1;
using Google.Protobuf;
using Grpc.Net.Client;
using Spectre.Console;
using DaprService = Dapr.Client.Autogen.Grpc.v1.Dapr;

namespace Forewarn.Bench.Sidecar;

/// <summary>
/// What the sidecar adds to the network trips it is made of: every row is set against the bare ASP.NET Core round trips it
/// contains, measured in the same run, process and message size.
/// </summary>
static class SidecarBench
{
    const int Rounds = 3000;
    const int BulkSize = 100;
    const double OverheadBar = 3;
    const double BulkBar = 20_000;
    static readonly int[] Sizes = [300, 8192];

    public static async Task<SidecarResult> RunAsync(int seconds)
    {
        AnsiConsole.MarkupLine($"{Environment.ProcessorCount} cores; the log is durable, everything in one process; µs with one caller, events/s with many");
        await using var bare = await BareServer.StartAsync();
        await using var world = await SidecarWorld.StartAsync();
        using var plain = GrpcChannel.ForAddress(bare.Grpc);
        using var http = new HttpClient { BaseAddress = bare.Http };
        var baseline = new DaprService.DaprClient(plain);
        var rows = new List<SidecarRow>();
        foreach (var size in Sizes)
            await MeasureAsync(rows, baseline, http, world, size);
        var singles = await ThroughputAsync(world, seconds, callers: 32, world.Dapr.PublishEventAsync, Event(Sizes[0], "single"), events: 1);
        var bulks = await ThroughputAsync(world, seconds, callers: 8, world.Dapr.BulkPublishEventAsync, Bulk(Sizes[0]), BulkSize);
        var result = new SidecarResult(rows, singles, bulks, rows.All(row => row.Times.Ratio <= OverheadBar) && bulks >= BulkBar);
        Print(result);
        return result;
    }

    static async Task MeasureAsync(List<SidecarRow> rows, DaprService.DaprClient bare, HttpClient http, SidecarWorld world, int size)
    {
        var (single, bulk, save) = (Event(size, "single"), Bulk(size), Save(size));
        var get = new GetStateRequest { StoreName = "store", Key = "bench" };
        using var body = new ByteArrayContent(new byte[size]);
        using var empty = new ByteArrayContent([]);

        await AddDeliveryAsync("publish → delivered", Rounds, () => world.DeliverAsync(() => world.Dapr.PublishEventAsync(single), 1), 1, GrpcTrip);
        await AddDeliveryAsync(
            $"bulk of {BulkSize} → delivered", Rounds / 4, () => world.DeliverAsync(() => world.Dapr.BulkPublishEventAsync(bulk), BulkSize), BulkSize,
            async () => await bare.BulkPublishEventAsync(bulk));
        await AddAsync("state set", Rounds, async () => await world.Dapr.SaveStateAsync(save), GrpcTrip);
        await AddAsync("state get", Rounds, async () => await world.Dapr.GetStateAsync(get), async () => await bare.GetStateAsync(get));
        await AddAsync("actor call", Rounds, () => world.CallActorAsync(body), () => PostAsync(http, body, 0), () => PostAsync(http, empty, 0));

        async Task GrpcTrip() => await bare.PublishEventAsync(single);

        // An event grows on its way, so the bare POST is as large, both ways, as what the sidecar really sends and gets back.
        async Task AddDeliveryAsync(string what, int rounds, Func<Task<Delivery>> deliver, int events, Func<Task> publishTrip)
        {
            var delivery = await deliver();
            while (delivery.Events != events)
                delivery = await deliver();
            using var content = new ByteArrayContent(new byte[delivery.Bytes]);
            await AddAsync(what, rounds, deliver, publishTrip, () => PostAsync(http, content, delivery.AnswerBytes));
        }

        async Task AddAsync(string what, int rounds, Func<Task> call, params Func<Task>[] trips) =>
            rows.Add(new SidecarRow(what, size, await Latencies.CompareAsync(rounds, call, trips)));
    }

    /// <summary>Events a second from the first publish to the last delivery.</summary>
    static async Task<double> ThroughputAsync<TRequest, TResponse>(
        SidecarWorld world, int seconds, int callers, Func<TRequest, Grpc.Core.CallOptions, Grpc.Core.AsyncUnaryCall<TResponse>> publish, TRequest request, int events)
    {
        var before = world.Receiver.Received;
        long published = 0;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            while (watch.Elapsed.TotalSeconds < seconds)
            {
                await publish(request, default);
                Interlocked.Add(ref published, events);
            }
        })));
        await world.Receiver.UntilAsync(before + published).WaitAsync(TimeSpan.FromSeconds(60));
        return published / watch.Elapsed.TotalSeconds;
    }

    static async Task PostAsync(HttpClient http, HttpContent body, int answerBytes)
    {
        using var response = await http.PostAsync($"/echo/{answerBytes}", body);
        response.EnsureSuccessStatusCode();
    }

    static PublishEventRequest Event(int size, string topic) => new() { PubsubName = "ps", Topic = topic, DataContentType = "application/json", Data = Data(size) };

    static BulkPublishRequest Bulk(int size)
    {
        var request = new BulkPublishRequest { PubsubName = "ps", Topic = "bulk" };
        for (var i = 0; i < BulkSize; i++)
        {
            var entry = new BulkPublishRequestEntry { EntryId = i.ToString(CultureInfo.InvariantCulture), ContentType = "application/json", Event = Data(size) };
            entry.Metadata["partitionKey"] = entry.EntryId;
            request.Entries.Add(entry);
        }
        return request;
    }

    static SaveStateRequest Save(int size) => new() { StoreName = "store", States = { new StateItem { Key = "bench", Value = Data(size) } } };

    static ByteString Data(int size) => ByteString.CopyFromUtf8($"{{\"text\":\"{new string('x', size - 11)}\"}}");

    static void Print(SidecarResult result)
    {
        var table = new Table().AddColumns("", "bytes", "p50 µs", "p99 µs", "bare trips µs", $"times (bar {OverheadBar})");
        foreach (var row in result.Rows)
            table.AddRow(row.What, Text(row.Bytes, "0"), Text(row.Times.P50, "0"), Text(row.Times.P99, "0"), Text(row.Times.BareTrips, "0"), Text(row.Times.Ratio, "0.0"));
        AnsiConsole.Write(table);
        AnsiConsole.MarkupLine($"events of {Sizes[0]} bytes published and delivered: {Text(result.SinglesPerSecond, "#,0")}/s one by one, {Text(result.BulkPerSecond, "#,0")}/s in bulk (bar {BulkBar:#,0})");
        AnsiConsole.MarkupLine(result.Passed ? "[green]passed[/]" : "[red]missed[/]");
    }

    static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}

/// <param name="What">The operation.</param>
/// <param name="Bytes">Size of one message.</param>
/// <param name="Times">Against the round trips it contains.</param>
sealed record SidecarRow(string What, int Bytes, Latencies Times);

sealed record SidecarResult(IReadOnlyList<SidecarRow> Rows, double SinglesPerSecond, double BulkPerSecond, bool Passed);
