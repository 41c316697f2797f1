using System.Globalization;
using System.IO.Pipelines;
using Forewarn.Bench.Rig;
using Forewarn.Gateway;
using Forewarn.Gateway.Exposition;
using Forewarn.Gateway.Status;
using Microsoft.Extensions.Logging.Abstractions;
using Spectre.Console;

namespace Forewarn.Bench.Scrape;

/// <summary>
/// What <c>/metrics</c> of the gateway costs: bytes that it holds per series of the fleet, and a scrape of as many series as are the default and of all,
/// without the network. The peer is prometheus-net with as many gauges of as many labels.
/// </summary>
static class ScrapeBench
{
    const int Rounds = 40;

    /// <summary>Bytes held per series, both cadences together.</summary>
    const double MemoryBar = 100;

    /// <summary>A line takes at most so many times what it takes the peer.</summary>
    const double RatioBar = 1;

    public static async Task<ScrapeResult> RunAsync(int entities, int series, CancellationToken cancellationToken)
    {
        var fleet = new ScrapeFleet(entities, series);
        var board = new VerdictBoard(TimeProvider.System);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        foreach (var cadence in new[] { 1_000, 60_000 })
        {
            for (var tick = 0; tick < 2; tick++)
            {
                foreach (var verdict in fleet.Verdicts(cadence, tick))
                    board.Take(verdict, verdict.Ticks[^1]);
            }
        }
        var held = (GC.GetTotalMemory(forceFullCollection: true) - before) / ((double)entities * series);
        var bound = new GatewayOptions().MetricsSeries;
        var peer = PeerExporter.Of(bound);
        var some = await MeasureAsync(fleet, board, bound, peer, cancellationToken);
        var all = await MeasureAsync(fleet, board, int.MaxValue, peer, cancellationToken);
        var result = new ScrapeResult(entities, series, held, peer.HeldBytes, some, all, Passed: held <= MemoryBar && some.LineToPeer <= RatioBar && all.LineToPeer <= RatioBar);
        Print(result);
        return result;
    }

    static async Task<ScrapeCost> MeasureAsync(ScrapeFleet fleet, VerdictBoard board, int bound, PeerExporter peer, CancellationToken cancellationToken)
    {
        var columns = new ColumnBook((_, _) => ValueTask.FromResult(fleet.Schema), TimeProvider.System, NullLogger<ColumnBook>.Instance);
        var page = new MetricsPage(board, new IncidentBook(), new ChampionWatch(), columns, new GatewayOptions { MetricsSeries = bound }, TimeProvider.System);
        var whole = ExpositionRequest.Parse([]);
        using var text = new MemoryStream();
        await WriteAsync(text);
        var lines = text.ToArray().Count(one => one == '\n');

        Clock ours = new(), theirs = new();
        var allocated = 0L;
        // The first rounds are interpreted more than compiled.
        for (var round = -Rounds; round < Rounds; round++)
        {
            var start = GC.GetTotalAllocatedBytes(precise: true);
#pragma warning disable VSTHRD002 // Nothing waits: the stream takes everything at once, and the clock measures work that has an end.
            ours.Time(round, () => WriteAsync(Stream.Null).GetAwaiter().GetResult());
            allocated = GC.GetTotalAllocatedBytes(precise: true) - start;
            theirs.Time(round, () => peer.WriteAsync(Stream.Null, cancellationToken).GetAwaiter().GetResult());
#pragma warning restore VSTHRD002
        }
        return new ScrapeCost(lines, text.Length, ours.Median / 1000, ours.RatioTo(theirs) * peer.Series / lines, allocated);

        async Task WriteAsync(Stream target)
        {
            var output = PipeWriter.Create(target, new StreamPipeWriterOptions(leaveOpen: true));
            await page.WriteAsync(output, ExpositionFormat.Text, whole, cancellationToken);
            await output.CompleteAsync();
        }
    }

    static void Print(ScrapeResult result)
    {
        AnsiConsole.MarkupLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Entities:N0} entities of {result.Series} series on two cadences: {result.HeldBytes:0} bytes held per series (bar {MemoryBar}); prometheus-net {result.PeerHeldBytes:0} per gauge, of which each of these series has four"));
        var table = new Table().AddColumns("a scrape", "lines", "MB", "CPU ms", "a line, times prometheus-net", "MB allocated");
        foreach (var (name, cost) in new[] { ("by default", result.Default), ("of everything", result.Everything) })
        {
            table.AddRow(
                name, cost.Lines.ToString("N0", CultureInfo.InvariantCulture), Text(cost.Bytes / 1e6), Text(cost.Milliseconds), $"{Text(cost.LineToPeer)} (bar {Text(RatioBar)})", Text(cost.AllocatedBytes / 1e6));
        }
        AnsiConsole.Write(table);
        AnsiConsole.MarkupLine(result.Passed ? "[green]passed[/]" : "[red]missed[/]");
    }

    static string Text(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}

/// <param name="Lines">Of the text; a few are help and types.</param>
/// <param name="Milliseconds">Of processor time, median.</param>
/// <param name="LineToPeer">Processor time of a line, as a multiple of the peer's in the same rounds.</param>
sealed record ScrapeCost(int Lines, long Bytes, double Milliseconds, double LineToPeer, long AllocatedBytes);

/// <param name="HeldBytes">Per series of the fleet, both cadences together.</param>
/// <param name="PeerHeldBytes">Per gauge.</param>
/// <param name="Default">With the default bound.</param>
sealed record ScrapeResult(int Entities, int Series, double HeldBytes, double PeerHeldBytes, ScrapeCost Default, ScrapeCost Everything, bool Passed);
