using System.Net.Sockets;
using System.Net;
using DevSidecar;
using Forewarn.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Forewarn.Ingestion.Tests;

public sealed class ProbeTests
{
    [Fact]
    public async Task Targets_that_answer_are_timed_and_failures_are_masked_and_counted()
    {
        using var open = new TcpListener(IPAddress.Loopback, 0);
        open.Start();
        await using var web = WebApplication.CreateSlimBuilder().Build();
        web.Urls.Add("http://127.0.0.1:0");
        web.MapGet("/", () => "well");
        await web.StartAsync();
        var address = web.Urls.Single();
        await using var ingestion = await RunningIngestion.StartAsync(
            "--Ingestion:Probes:0:Name=open", $"--Ingestion:Probes:0:Tcp={open.LocalEndpoint}", "--Ingestion:Probes:0:IntervalSeconds=1",
            "--Ingestion:Probes:1:Name=closed", $"--Ingestion:Probes:1:Tcp=127.0.0.1:{FreePorts.Next()}", "--Ingestion:Probes:1:IntervalSeconds=1",
            "--Ingestion:Probes:2:Name=web", $"--Ingestion:Probes:2:Url={address}/", "--Ingestion:Probes:2:IntervalSeconds=1",
            "--Ingestion:Probes:3:Name=missing", $"--Ingestion:Probes:3:Url={address}/nowhere", "--Ingestion:Probes:3:IntervalSeconds=1");

        (await ValuesOfAsync(ingestion, "probe/open")).ShouldSatisfyAllConditions(values => values[0].ShouldBeInRange(0, 3), values => values[1].ShouldBe(1));
        (await ValuesOfAsync(ingestion, "probe/closed")).ShouldBe([double.NaN, 0]);
        (await ValuesOfAsync(ingestion, "probe/web")).ShouldSatisfyAllConditions(
            values => values[0].ShouldBeInRange(0, 3), values => values[1].ShouldBe(1), values => values[2].ShouldBe(200));
        (await ValuesOfAsync(ingestion, "probe/missing")).ShouldBe([double.NaN, 0, 404]);
    }

    [Fact]
    public async Task A_target_that_never_answers_fails_at_its_time_limit()
    {
        await using var ingestion = await RunningIngestion.StartAsync();
        var options = new ProbeOptions { Name = "slow", TimeoutMs = 10, Tcp = "unused:1" };
        using var probe = ActivatorUtilities.CreateInstance<Probe>(ingestion.Services, options, new Silent());
        var submission = await probe.AskAsync(1000, TestContext.Current.CancellationToken);
        submission.Rows[0].Values.ShouldBe([double.NaN, 0]);
    }

    static async Task<double[]> ValuesOfAsync(RunningIngestion ingestion, string entity)
    {
        MetricBatch? batch = null;
        await Eventually.TrueAsync(() => (batch = ingestion.Sidecar.Raw.FirstOrDefault(batch => batch.Entity == entity)) is not null, entity);
        batch!.Source.ShouldBe("probe");
        return batch.Rows[0].Values;
    }

    sealed class Silent : IProbeTarget
    {
        public bool HasStatus => false;

        public async Task<ProbeAnswer> AskAsync(CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return default;
        }
    }
}
