using System.Net;
using System.Text.Json;
using Forewarn.Contracts;
using Microsoft.Extensions.Time.Testing;

namespace Forewarn.Simulator.Tests;

public sealed class SimulationTests
{
    static readonly DateTimeOffset _start = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000);

    static SimulationPlan Plan(string? fault = "memory-leak") => new()
    {
        Fault = fault is null ? null : FaultCatalogue.Find(fault),
        Entity = "sim-1",
        Entities = 2,
        History = TimeSpan.FromMinutes(5),
        After = TimeSpan.FromSeconds(10),
        For = TimeSpan.FromSeconds(20),
        Cooldown = TimeSpan.FromSeconds(5),
        Seed = 1,
        Ingest = new Uri("http://ingestion.test/"),
    };

    [Fact]
    public async Task A_run_sends_its_past_then_every_second_exactly_once_and_ends_after_the_cool_down()
    {
        var door = new Door(_ => HttpStatusCode.Accepted);
        var view = new Phases();
        await RunAsync(Plan(), door, view);

        foreach (var entity in new[] { "sim-1", "sim-2" })
        {
            var times = door.Batches.Where(batch => batch.Entity == entity).SelectMany(batch => batch.Rows).Select(row => row.T!.Value).ToList();
            times.ShouldBe(Enumerable.Range(-300, 335).Select(second => _start.ToUnixTimeMilliseconds() + second * 1000L));
        }
        view.Seen.ShouldBe([Phase.History, Phase.Normal, Phase.Fault, Phase.Cooldown, Phase.Done]);
    }

    [Fact]
    public async Task The_ground_truth_is_written_when_the_fault_begins()
    {
        var path = Path.Combine(Path.GetTempPath(), $"truth-{Guid.NewGuid():N}.jsonl");
        try
        {
            await RunAsync(Plan() with { Truth = path }, new Door(_ => HttpStatusCode.Accepted), new Phases());
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
        var door = new Door(_ => ++calls is > 8 and < 14 ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.Accepted);
        await RunAsync(Plan(), door, new Phases());
        door.Batches.Where(batch => batch.Entity == "sim-1").SelectMany(batch => batch.Rows).Select(row => row.T).Distinct().Count().ShouldBe(335);
    }

    [Fact]
    public async Task A_long_absence_ends_the_run_with_what_to_do()
    {
        var failure = await Should.ThrowAsync<SendingException>(RunAsync(Plan(), new Door(_ => HttpStatusCode.ServiceUnavailable), new Phases()));
        failure.Message.ShouldContain("./forewarn up");
    }

    [Fact]
    public void A_total_cuts_the_run_and_without_fault_or_total_it_never_ends()
    {
        Plan(null).At(0).EndMs.ShouldBeNull();
        Plan().At(0).EndMs.ShouldBe(35_000);
        var cut = (Plan() with { Total = TimeSpan.FromSeconds(15) }).At(0);
        cut.EndMs.ShouldBe(15_000);
        cut.PhaseAt(14_000).ShouldBe(Phase.Fault);
        cut.PhaseEnds(14_000).ShouldBe(15_000);
        cut.PhaseAt(15_000).ShouldBe(Phase.Done);
    }

    static async Task RunAsync(SimulationPlan plan, Door door, ISimulationView view)
    {
        var time = new FakeTimeProvider(_start);
        using var http = new HttpClient(door) { BaseAddress = plan.Ingest };
        var run = new Simulation(plan, new IngestClient(http, time), view, time).RunAsync(TestContext.Current.CancellationToken);
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

    sealed class Door(Func<HttpRequestMessage, HttpStatusCode> answer) : HttpMessageHandler
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
