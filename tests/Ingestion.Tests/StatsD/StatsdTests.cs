using System.Net;
using System.Net.Sockets;
using System.Text;
using CsCheck;
using DevSidecar;
using Forewarn.Contracts;

namespace Forewarn.Ingestion.Tests;

public sealed class StatsdTests
{
    const long T = 1_800_000_000_000;

    [Fact]
    public void Each_kind_becomes_its_series_and_a_flush_begins_anew()
    {
        var table = new StatsdTable(10, 100);
        Take(table, "jobs:3|c", "jobs:1|c|@0.5", "depth:7|g", "depth:-2|g", "who:a|s", "who:b|s", "who:a|s", "size:10:30:20|h");
        for (var i = 1; i <= 100; i++)
            Take(table, $"took:{i}|ms");
        (string, double)[] expected =
        [
            ("jobs", 0.5), ("depth", 5), ("who.unique", 2), ("size.rate", 0.3), ("size.p50", 20), ("size.p95", 30), ("size.p99", 30), ("size.max", 30),
            ("took.rate", 10), ("took.p50", 0.05), ("took.p95", 0.095), ("took.p99", 0.099), ("took.max", 0.1),
        ];
        Values(table, 10).Select(pair => (pair.Key, pair.Value)).ShouldBe(expected);

        var next = Values(table, 10);
        (next["jobs"], next["depth"], next["who.unique"], next["took.rate"], next["took.p99"]).ShouldBe((0, 5, 0, 0, double.NaN));
        table.Flush(T + 300_000, 10).ShouldBeEmpty("silent for five minutes");
    }

    [Fact]
    public void Tags_name_the_entity_and_become_labels()
    {
        var table = new StatsdTable(10, 100);
        Take(table, "hits:1|c|#host:web 1,code:200,canary", "hits:1|c|#code:500,host:web 1|c:container|T1800000000", "hits:1|c");
        var rows = table.Flush(T, 1);
        rows.Select(row => row.Entity).ShouldBe(["statsd", "web_1"]);
        rows[1].Schema.Columns.Select(column => string.Join(',', column.Labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"))).ShouldBe(["canary=true,code=200", "code=500"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("name")]
    [InlineData("name:1")]
    [InlineData(":1|c")]
    [InlineData("name:x|c")]
    [InlineData("name:NaN|g")]
    [InlineData("name:1|q")]
    [InlineData("name:1|c|@0")]
    [InlineData("name:1|c|@2")]
    [InlineData("_e{5,4}:title|text")]
    [InlineData("_sc|check|0")]
    public void What_is_no_metric_is_none(string line) => StatsdSample.Parse(Encoding.UTF8.GetBytes(line)).ShouldBeNull();

    [Fact]
    public void There_is_an_end_to_names_and_entities_and_no_series_comes_twice()
    {
        var table = new StatsdTable(2, 3);
        Enumerable.Range(0, 5).Select(i => table.Take(StatsdSample.Parse(Encoding.UTF8.GetBytes($"n{i}:1|c"))!, T)).ShouldBe([true, true, true, false, false]);
        table.Take(StatsdSample.Parse("n0:1|g"u8)!, T).ShouldBeFalse("it would be the counter's series");
        table.Take(StatsdSample.Parse("a:1|c|#host:x"u8)!, T).ShouldBeTrue();
        table.Take(StatsdSample.Parse("a:1|c|#host:y"u8)!, T).ShouldBeFalse("a third entity");
    }

    [Fact]
    public void Counts_are_kept_whatever_the_lines_and_no_bytes_make_it_fail()
    {
        Gen.Select(Gen.Int[0, 3], Gen.Int[1, 1000]).Array[1, 50].Sample(lines =>
        {
            var table = new StatsdTable(10, 100);
            foreach (var (name, count) in lines)
                Take(table, $"n{name}:{count}|c");
            Values(table, 1).Values.Sum().ShouldBe(lines.Sum(line => line.Item2));
        }, seed: "0N0XIzNsQ0O2", iter: 200);
        string[] likely = ["n", ":", "1", "|", "c", "g", "ms", "s", "@", "0.5", "#", "host", ",", "-", "\u00e9"];
        Gen.OneOf(Gen.Int[0, likely.Length - 1].Select(i => likely[i]), Gen.Int[0, 255].Select(i => ((char)i).ToString())).Array[0, 30].Sample(parts =>
        {
            var table = new StatsdTable(10, 100);
            if (StatsdSample.Parse(Encoding.UTF8.GetBytes(string.Concat(parts))) is { } sample)
                table.Take(sample, T);
            table.Flush(T, 1);
        }, seed: "0N0XIzNsQ0O2", iter: 20_000);
    }

    [Fact]
    public async Task What_a_socket_sends_is_published_each_second()
    {
        var port = FreePorts.Next();
        await using var ingestion = await RunningIngestion.StartAsync("--Ingestion:Statsd:Enabled=true", $"--Ingestion:Statsd:Port={port}");
        using var client = new UdpClient();
        var sent = 0;
        await Eventually.TrueAsync(
            () =>
            {
                client.Send("udp.jobs:5|c|#host:udp-1\nbroken\r\nudp.took:20|ms|#host:udp-1\r\n"u8.ToArray(), new IPEndPoint(IPAddress.Loopback, port));
                sent++;
                return ingestion.Sidecar.Raw.Any(batch => batch.Entity == "udp-1");
            },
            "a row of udp-1");
        var batch = ingestion.Sidecar.Raw.First(batch => batch.Entity == "udp-1");
        batch.Source.ShouldBe("statsd");
        (batch.Rows[0].T % 1000).ShouldBe(0);
        var columns = ingestion.Sidecar.Schema(batch.Schema).Columns;
        columns.Select(column => column.Name).ShouldBe(["udp.jobs", "udp.took.rate", "udp.took.p50", "udp.took.p95", "udp.took.p99", "udp.took.max"]);
        batch.Rows[0].Values[0].ShouldBeInRange(0.1, 5.0 * sent * 1000);
        batch.Rows[0].Values[5].ShouldBe(0.02);
    }

    [Fact]
    public async Task A_taken_port_ends_the_start_with_a_reason()
    {
        using var other = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)other.Client.LocalEndPoint!).Port;
        var failure = await Should.ThrowAsync<InvalidOperationException>(() => RunningIngestion.StartAsync("--Ingestion:Statsd:Enabled=true", $"--Ingestion:Statsd:Port={port}"));
        failure.Message.ShouldContain("INGESTION__STATSD__PORT");
    }

    static void Take(StatsdTable table, params string[] lines)
    {
        foreach (var line in lines)
            table.Take(StatsdSample.Parse(Encoding.UTF8.GetBytes(line)).ShouldNotBeNull(line), T).ShouldBeTrue(line);
    }

    static Dictionary<string, double> Values(StatsdTable table, double seconds)
    {
        var row = table.Flush(T, seconds).ShouldHaveSingleItem();
        return row.Schema.Columns.Zip(row.Rows[0].Values).ToDictionary(pair => pair.First.Name, pair => pair.Second, StringComparer.Ordinal);
    }
}
