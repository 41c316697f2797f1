using System.Net;
using System.Text.Json;
using Forewarn.Contracts;
using Microsoft.Extensions.Time.Testing;

namespace Forewarn.Simulator.Tests;

public sealed class SimulationTests
{
    static readonly DateTimeOffset _start = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000);
    static readonly Uri _address = new("http://ingestion.test/");

    static Scenario Plan(string? fault = "memory-leak") => new()
    {
        Name = "test",
        Fleet = new FleetPlan { First = "sim-1", Hosts = 2, Missing = 0 },
        Seed = 1,
        History = TimeSpan.FromMinutes(5),
        Cooldown = TimeSpan.FromSeconds(5),
        Faults = fault is null ? [] : [Planned(fault)],
    };

    static PlannedFault Planned(string name) =>
        new(FaultCatalogue.Find(name)!, FaultSettings.Defaults(FaultCatalogue.Find(name)!), "sim-1", TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20));

    [Fact]
    public async Task A_run_sends_its_past_then_every_second_exactly_once_and_ends_after_the_cool_down()
    {
        var door = new FakeDoor(_ => HttpStatusCode.Accepted);
        var view = new Phases();
        await RunAsync(Plan(), door, view);

        foreach (var entity in new[] { "sim-1", "sim-2" })
        {
            var times = door.Batches.Where(batch => batch.Entity == entity).SelectMany(batch => batch.Rows).Select(row => row.T!.Value).ToList();
            times.ShouldBe(Enumerable.Range(-300, 335).Select(second => _start.ToUnixTimeMilliseconds() + second * 1000L));
        }
        door.Batches.ShouldAllBe(batch => batch.Attributes!["k8s.node.name"] == "node-of-sim-1" && batch.Attributes["host.rack"] == "rack-of-sim-1");
        view.Seen.ShouldBe([Phase.History, Phase.Normal, Phase.Fault, Phase.Cooldown, Phase.Done]);
    }

    [Fact]
    public async Task The_ground_truth_is_written_when_the_fault_begins()
    {
        var path = Path.Combine(Path.GetTempPath(), $"truth-{Guid.NewGuid():N}.jsonl");
        try
        {
            await RunAsync(Plan(), new FakeDoor(_ => HttpStatusCode.Accepted), new Phases(), new RunSettings(Truth: path));
            var truth = JsonSerializer.Deserialize((await File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken)).ShouldHaveSingleItem(), SimulatorJson.Default.GroundTruth)!;
            var live = _start.ToUnixTimeMilliseconds();
            (truth.Fault, truth.Entity, truth.Start, truth.Failure, truth.End).ShouldBe(("memory-leak", "sim-1", live + 10_000, live + 29_000, live + 30_000));
            truth.Series.ShouldContain("system.memory.utilization");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task A_short_absence_of_ingestion_loses_nothing()
    {
        var calls = 0;
        var door = new FakeDoor(_ => ++calls is > 8 and < 14 ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.Accepted);
        await RunAsync(Plan(), door, new Phases());
        door.Batches.Where(batch => batch.Entity == "sim-1").SelectMany(batch => batch.Rows).Select(row => row.T).Distinct().Count().ShouldBe(335);
    }

    [Fact]
    public async Task A_long_absence_ends_the_run_with_what_to_do()
    {
        var failure = await Should.ThrowAsync<SendingException>(RunAsync(Plan(), new FakeDoor(_ => HttpStatusCode.ServiceUnavailable), new Phases()));
        failure.Message.ShouldContain("./forewarn up");
    }

    [Fact]
    public async Task At_full_speed_the_course_ends_now_and_nothing_waits()
    {
        var door = new FakeDoor(_ => HttpStatusCode.Accepted);
        using var sender = new JsonSender(new HttpClient(door) { BaseAddress = _address }, new FakeTimeProvider(_start));
        // The clock stands still: a run that waited would never end.
        await new Simulation(Plan(), new RunSettings(IntoThePast: true), sender, new Phases(), new FakeTimeProvider(_start)).RunAsync(TestContext.Current.CancellationToken);
        var times = door.Batches.Where(batch => batch.Entity == "sim-1").SelectMany(batch => batch.Rows).Select(row => row.T!.Value).ToList();
        times.ShouldBe(Enumerable.Range(-335, 335).Select(second => _start.ToUnixTimeMilliseconds() + second * 1000L));
    }

    [Fact]
    public async Task A_silent_host_sends_nothing_and_a_skewed_one_sends_wrong_times()
    {
        var door = new FakeDoor(_ => HttpStatusCode.Accepted);
        await RunAsync(Plan() with { History = TimeSpan.Zero, Faults = [Planned("silence"), Planned("clock-skew") with { Entity = "sim-2" }] }, door, new Phases());
        var live = _start.ToUnixTimeMilliseconds();
        List<int> Seconds(string entity) => [.. door.Batches.Where(batch => batch.Entity == entity).SelectMany(batch => batch.Rows).Select(row => (int)((row.T!.Value - live) / 1000))];
        Seconds("sim-1").ShouldBe([.. Enumerable.Range(0, 10), .. Enumerable.Range(30, 5)]);
        Seconds("sim-2").ShouldBe([.. Enumerable.Range(0, 10), .. Enumerable.Range(10 - 120, 20), .. Enumerable.Range(30, 5)]);
    }

    [Fact]
    public async Task Lines_tell_each_phase_and_each_stage_of_every_fault_once()
    {
        using var output = new StringWriter();
        await RunAsync(Plan() with { Faults = [Planned("memory-leak"), Planned("silence") with { Entity = "sim-2" }] }, new FakeDoor(_ => HttpStatusCode.Accepted), new PhaseView(output, json: true));
        var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize(line, SimulatorJson.Default.PhaseReport)!).ToList();
        lines.Select(line => $"{line.Phase} {line.Fault}".TrimEnd()).ShouldBe(
            ["history", "normal", "fault", "growing memory-leak", "failing silence", "failing memory-leak", "cooldown", "over memory-leak", "over silence", "done"]);
    }

    static async Task RunAsync(Scenario scenario, FakeDoor door, ISimulationView view, RunSettings? settings = null)
    {
        var time = new FakeTimeProvider(_start);
        using var sender = new JsonSender(new HttpClient(door) { BaseAddress = _address }, time);
        var run = new Simulation(scenario, settings ?? new(), sender, view, time).RunAsync(TestContext.Current.CancellationToken);
        while (!run.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Yield();
        }
        await run;
    }

    sealed class Phases : ISimulationView
    {
        public List<Phase> Seen { get; } = [];

        public Task RunAsync(Func<Task> simulation) => simulation();

        public void Show(SimulationState state)
        {
            if (Seen.Count == 0 || Seen[^1] != state.Phase)
                Seen.Add(state.Phase);
        }
    }

    sealed class FakeDoor(Func<HttpRequestMessage, HttpStatusCode> answer) : HttpMessageHandler
    {
        public List<ExternalBatch> Batches { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var status = answer(request);
            if (status == HttpStatusCode.Accepted)
                Batches.AddRange(JsonSerializer.Deserialize(await request.Content!.ReadAsByteArrayAsync(cancellationToken), ContractJson.Default.ExternalBatchArray)!);
            return new HttpResponseMessage(status) { Content = new StringContent("""{"field":"$","reason":"is away"}""") };
        }
    }
}
