using Forewarn.Hosting;
using Microsoft.Extensions.Configuration;

namespace Forewarn.Ingestion.Tests;

public sealed class OptionsTests
{
    static IngestionOptions Read(params (string Key, string Value)[] settings) => OptionsExtensions.Read<IngestionOptions>(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create($"Ingestion:{pair.Key}", (string?)pair.Value))).Build());

    [Fact]
    public void Defaults_listen_on_loopback_and_watch_this_host()
    {
        var options = Read();
        (options.Port, options.Address, options.Host.Enabled, options.Host.IntervalSeconds).ShouldBe((7701, "127.0.0.1", true, 1));
    }

    [Theory]
    [InlineData("Address", "0.0.0.0", "INGESTION__KEYS__0")]
    [InlineData("Address", "example.org", "IP address")]
    [InlineData("Keys:0:Sha256", "secret", "SHA-256")]
    [InlineData("Port", "0", "PORT")]
    [InlineData("Prot", "1", "Prot")]
    [InlineData("Otlp:GrpcPort", "7701", "INGESTION__OTLP__GRPCPORT")]
    [InlineData("Otlp:HttpPort", "70000", "OTLP__HTTPPORT")]
    [InlineData("Host:Entity", "a b", "letters")]
    [InlineData("Host:IntervalSeconds", "0", "INGESTION__HOST__INTERVALSECONDS")]
    [InlineData("Probes:0:TimeoutMs", "100", "either Url or Tcp")]
    [InlineData("Probes:0:Tcp", "nowhere", "host:port")]
    [InlineData("Probes:0:Url", "ftp://x", "http or https")]
    public void A_bad_setting_stops_the_start_and_is_named(string key, string value, string named)
    {
        Should.Throw<OptionsException>(() => Read([.. key.Contains(":0:", StringComparison.Ordinal) ? [($"{key.Split(':')[0]}:0:Name", "x")] : Array.Empty<(string, string)>(), (key, value)])).Message.ShouldContain(named);
    }

    [Theory]
    [InlineData("Targets:0", "nowhere", "host:port")]
    [InlineData("Path", "metrics", "begin with /")]
    [InlineData("Scheme", "ftp", "SCHEME")]
    [InlineData("TimeoutMs", "10001", "longer than the interval")]
    public void A_bad_job_stops_the_start_and_is_named(string key, string value, string named) =>
        Should.Throw<OptionsException>(() => Read([.. new[] { ("Scrape:Jobs:0:Name", "x"), ("Scrape:Jobs:0:Files:0", "f") }, ($"Scrape:Jobs:0:{key}", value)])).Message.ShouldContain(named);

    [Fact]
    public void A_job_needs_targets() => Should.Throw<OptionsException>(() => Read(("Scrape:Jobs:0:Name", "x"))).Message.ShouldContain("Targets, Files");

    [Fact]
    public void Beyond_loopback_is_fine_with_a_key()
    {
        Read(("Address", "0.0.0.0"), ("Keys:0:Name", "agents"), ("Keys:0:Sha256", new string('a', 64))).Address.ShouldBe("0.0.0.0");
    }

    [Theory]
    [InlineData("db:5432", "db", 5432)]
    [InlineData("[::1]:80", "::1", 80)]
    public void Tcp_targets_are_host_and_port(string text, string host, int port)
    {
        TcpTarget.TryParse(text, out var target).ShouldBeTrue();
        target.ShouldBe(new TcpTarget(host, port));
    }

    [Theory]
    [InlineData("db")]
    [InlineData("db:0")]
    [InlineData("db:70000")]
    [InlineData("::1:80")]
    [InlineData(":80")]
    [InlineData("d b:80")]
    public void Anything_else_is_no_target(string text) => TcpTarget.TryParse(text, out _).ShouldBeFalse();
}
