using System.Net;
using System.Net.Sockets;
using DevSidecar;
using Forewarn.Launcher.Commands;
using Forewarn.Launcher.Platform;

namespace Forewarn.Launcher.Tests;

public sealed class PortsTests
{
    [Fact]
    public void A_taken_port_is_refused_with_its_owner_and_the_remedy()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var refused = Should.Throw<LauncherException>(() => Ports.Require(port, "dashboard", "Choose another with --port N."));

        refused.ExitCode.ShouldBe(ExitCodes.PortTaken);
        refused.Message.ShouldContain($"Port {port} (dashboard) is taken");
        refused.Message.ShouldContain("--port N");
        if (OperatingSystem.IsLinux())
            refused.Message.ShouldContain($"by process {Environment.ProcessId} (");
    }

    [Fact]
    public void Picked_ports_differ_are_free_and_avoid_the_named_ones()
    {
        var first = FreePorts.Next();

        var picked = Enumerable.Range(0, 20).Select(_ => FreePorts.Next(first + 1, first + 5)).ToList();

        picked.Distinct().Count().ShouldBe(20);
        picked.ShouldAllBe(port => port != first && port != first + 1 && port != first + 5);
        picked.ShouldAllBe(port => FreePorts.IsFree(port));
    }

    [Fact]
    public void No_port_is_picked_that_an_outgoing_connection_may_take()
    {
        if (OperatingSystem.IsLinux())
        {
            var outgoing = int.Parse(File.ReadAllText("/proc/sys/net/ipv4/ip_local_port_range").Split('\t')[0], System.Globalization.CultureInfo.InvariantCulture);
            FreePorts.Next().ShouldBeLessThan(outgoing);
        }
    }

    [Theory]
    [InlineData("   1: 0100007F:1E14 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1", "4711")]
    [InlineData("   1: 0100007F:1E14 0100007F:9999 01 00000000:00000000 00:00000000 00000000     0        0 4711 1", null)]
    [InlineData("   1: 0100007F:1E15 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1", null)]
    [InlineData("  sl  local_address rem_address   st tx_queue rx_queue", null)]
    public void Only_a_listener_on_the_port_counts(string line, string? inode) => Ports.ListeningInode(line, 7700).ShouldBe(inode);

    [Theory]
    [InlineData(null, null, null, 7700, 7701, 4317)]
    [InlineData(8000, null, null, 8000, 8001, 8002)]
    [InlineData(null, "9000", null, 9000, 7701, 4317)]
    [InlineData(8000, "9000", "9100", 8000, 9100, 8002)]
    public void The_public_ports_come_from_option_and_environment(
        int? option, string? gateway, string? ingestion, int expectedGateway, int expectedIngestion, int expectedOtlp)
    {
        var environment = new Dictionary<string, string> { ["GATEWAY__PORT"] = gateway ?? "", ["INGESTION__PORT"] = ingestion ?? "" };

        PublicPorts.From(option, environment).ShouldBe(new PublicPorts(expectedGateway, expectedIngestion) { OtlpGrpc = expectedOtlp, OtlpHttp = expectedOtlp + 1 });
    }

    [Fact]
    public void A_port_that_is_none_is_named() =>
        Should.Throw<LauncherException>(() => PublicPorts.From(null, new Dictionary<string, string> { ["GATEWAY__PORT"] = "web" }))
            .Message.ShouldContain("GATEWAY__PORT is 'web'");

    [Fact]
    public void Replicas_are_read_and_nonsense_is_refused()
    {
        UpCommand.ParseReplicas(["predictor=2", "history=3"]).ShouldBe(new Dictionary<string, int> { ["predictor"] = 2, ["history"] = 3 }, ignoreOrder: true);
        foreach (var nonsense in new[] { "predictor", "predictor=", "=2", "predictor=0", "predictor=17", "predictor=two" })
            Should.Throw<LauncherException>(() => UpCommand.ParseReplicas([nonsense])).ExitCode.ShouldBe(ExitCodes.Usage);
    }
}
