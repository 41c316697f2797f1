using System.Net;
using System.Net.Sockets;

namespace Forewarn.Simulator.Tests;

public sealed class CommandTests
{
    static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await new Application(output, errors, TimeProvider.System).RunAsync(args);
        return (code, output.ToString(), errors.ToString());
    }

    [Fact]
    public async Task The_list_names_every_fault()
    {
        var (code, output, _) = await RunAsync("--list");
        code.ShouldBe(0);
        foreach (var fault in new[]
        {
            "cpu-saturation", "memory-leak", "disk-fill", "latency-spike", "latency-creep", "error-burst", "traffic-drop", "flat-line", "silence",
            "noisy-neighbour", "flapping", "deploy-regression", "network-partition", "clock-skew",
        })
        {
            output.ShouldContain(fault);
        }
        output.ShouldContain("from 0.05 to 1");
    }

    [Fact]
    public async Task Help_is_an_answer_not_an_error()
    {
        var (code, output, _) = await RunAsync("simulate", "--help");
        code.ShouldBe(0);
        output.ShouldContain("--cooldown");
    }

    [Theory]
    [InlineData("There is no fault", "--fault", "gremlins")]
    [InlineData("not a duration", "--for", "soon")]
    [InlineData("not a duration", "--history", "-5s")]
    [InlineData("not a duration", "--total", "0s")]
    [InlineData("not an http address", "--ingest", "localhost:7701")]
    [InlineData("--entities", "--entities", "0")]
    [InlineData("--bogus", "--bogus", "1")]
    [InlineData("severity of cpu-saturation must be a number from 0.05 to 1, not '2'", "--fault", "cpu-saturation", "--with", "severity=2")]
    [InlineData("silence has no parameter 'severity'", "--fault", "silence", "--with", "severity=0.5")]
    [InlineData("--with belongs to a --fault", "--with", "severity=0.5")]
    [InlineData("give one", "--kafka", "127.0.0.1:9092", "--otlp", "http://127.0.0.1:4318")]
    [InlineData("host:port", "--kafka", "broker")]
    [InlineData("--speed", "--speed", "warp")]
    [InlineData("needs an end", "--speed", "max")]
    [InlineData("the scenario file says it", "--scenario", "x.yaml", "--entity", "y")]
    [InlineData("x.yaml cannot be read", "--scenario", "/nowhere/x.yaml")]
    [InlineData("x.yaml cannot be read", "drill", "/nowhere/x.yaml")]
    [InlineData("not an http address", "drill", "--api", "localhost")]
    public async Task Bad_arguments_are_named_and_end_with_2(string named, params string[] args)
    {
        var (code, _, errors) = await RunAsync(args);
        code.ShouldBe(2);
        errors.ShouldContain(named);
    }

    [Theory]
    [InlineData(null, null, 7701)]
    [InlineData("", "", 7701)]
    [InlineData(null, "8123", 8123)]
    [InlineData("http://127.0.0.1:9000", "8123", 9000)]
    public void The_default_address_is_that_of_the_running_platform_or_the_port_of_ingestion(string? running, string? variable, int port)
    {
        Arguments.LocalAddress(running, variable, 7701).Port.ShouldBe(port);
    }

    [Theory]
    [InlineData("60s", 60)]
    [InlineData("1.5m", 90)]
    [InlineData("2h", 7200)]
    [InlineData("250ms", 0.25)]
    [InlineData("7", 7)]
    public void Durations_are_read_as_people_type_them(string text, double seconds)
    {
        DurationText.TryParse(text, out var duration).ShouldBeTrue();
        duration.TotalSeconds.ShouldBe(seconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("1d")]
    [InlineData("1e99h")]
    public void Anything_else_is_no_duration(string text) => DurationText.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public async Task A_drill_without_a_platform_says_how_to_start_one()
    {
        var (code, _, errors) = await RunAsync("drill", "--api", $"http://127.0.0.1:{FreePort()}");
        code.ShouldBe(3);
        errors.ShouldContain("./forewarn up");
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [Fact]
    public async Task A_refusal_ends_with_1_and_its_reason()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/";
        using var server = new RefusingServer(listener);
        var (code, _, errors) = await RunAsync("--ingest", address, "--total", "1s", "--history", "2s", "--json");
        code.ShouldBe(1);
        errors.ShouldContain("$.entity is not welcome");
    }
}
