using System.Net;
using System.Text.Json;
using Forewarn.Contracts;
using Microsoft.Extensions.Time.Testing;

namespace Forewarn.Simulator.Tests;

/// <summary>A drill against a door and a gateway in this process.</summary>
public sealed class DrillRunTests
{
    static readonly DateTimeOffset _start = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000);

    static Scenario Short
    {
        get
        {
            var scenario = ScenarioFile.Parse(
                """
                history: 10s
                cooldown: 70s
                fleet: { first: web-1, hosts: 3 }
                faults:
                  - { fault: cpu-saturation, entity: web-1, after: 10s, for: 20s }
                  - { fault: memory-leak, entity: web-2, after: 10s, for: 40s }
                """,
                "short.yaml");
            return scenario with { Fleet = scenario.Fleet with { Prefix = "x-" } };
        }
    }

    [Fact]
    public async Task It_sends_the_course_and_judges_what_all_pages_of_the_gateway_tell()
    {
        var live = _start.ToUnixTimeMilliseconds();
        var asked = new List<string>();
        var report = await RunAsync(path =>
        {
            asked.Add(path);
            return path.EndsWith("limit=1", StringComparison.Ordinal) ? Page(new([]))
                : path.Contains("cursor=", StringComparison.Ordinal) ? Page(new([Incident("x-web-1", live + 12_000), Incident("web-3", live)]))
                : Page(new([Incident("x-web-2", live + 30_000)], "a b"));
        });
        report.Faults.Select(fault => fault.SecondsToDetect).ShouldBe([2, 20]);
        report.Faults[1].LeadSeconds.ShouldBe(18);
        report.FalseAlarms.ShouldBeEmpty();
        report.IsMet.ShouldBeTrue();
        asked[0].ShouldBe("/api/incidents?limit=1");
        asked[1].ShouldStartWith($"/api/incidents?from={live}&to=");
        asked[2].ShouldEndWith("&cursor=a%20b");

        var read = JsonSerializer.Deserialize(JsonSerializer.Serialize(report, SimulatorJson.Default.DrillReport), SimulatorJson.Default.DrillReport)!;
        read.Faults[0].Truth.Fault.ShouldBe("cpu-saturation");
        read.Bars.ShouldBe(report.Bars);
    }

    [Fact]
    public async Task A_gateway_that_asks_for_a_token_says_so_before_anything_is_sent() =>
        (await Should.ThrowAsync<PlatformException>(RunAsync(_ => new HttpResponseMessage(HttpStatusCode.Unauthorized)))).Message.ShouldContain("GATEWAY__ACCESSTOKEN");

    static async Task<DrillReport> RunAsync(Func<string, HttpResponseMessage> gateway)
    {
        var time = new FakeTimeProvider(_start);
        using var http = new HttpClient(new Handler(gateway)) { BaseAddress = new Uri("http://gateway.test") };
        using var sender = new JsonSender(new HttpClient(new Handler(_ => new HttpResponseMessage(HttpStatusCode.Accepted))) { BaseAddress = new Uri("http://door.test") }, time);
        using var output = new StringWriter();
        var run = new DrillRun(Short, new RunSettings(), sender, new IncidentReader(http), new PhaseView(output, json: false), time).RunAsync(TestContext.Current.CancellationToken);
        while (!run.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Yield();
        }
        return await run;
    }

    static IncidentEvent Incident(string entity, long opened) => new()
    {
        Id = $"{entity}-{opened}",
        Revision = 1,
        Fingerprint = entity,
        Entity = entity,
        Kind = DetectionKind.Joint,
        Status = IncidentStatus.Open,
        Severity = IncidentSeverity.Critical,
        Summary = "something is off",
        StartedAt = opened,
        OpenedAt = opened,
        UpdatedAt = opened,
        Count = 1,
    };

    static HttpResponseMessage Page(Page<IncidentEvent> page) => Json(JsonSerializer.Serialize(page, ContractJson.Default.PageIncidentEvent));

    static HttpResponseMessage Json(string text) => new(HttpStatusCode.OK) { Content = new StringContent(text, System.Text.Encoding.UTF8, "application/json") };

    sealed class Handler(Func<string, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(answer(request.RequestUri!.PathAndQuery));
    }
}
