using System.Diagnostics;
using System.Globalization;
using Forewarn.Contracts;
using Spectre.Console;

namespace Forewarn.Bench.History;

/// <param name="Entities">Entities of the fleet.</param>
/// <param name="Series">Series per entity.</param>
/// <param name="Seconds">Seconds of rated load.</param>
/// <param name="Millions">Million samples that are stored when charts are asked for.</param>
sealed record HistorySettings(int Entities = 1000, int Series = 50, int Seconds = 150, int Millions = 100);

/// <param name="SamplesPerSecond">Through the service: bulk deliveries in, committed, acknowledged.</param>
/// <param name="BareSamplesPerSecond">Of a bare COPY into the layout in use, which is the fastest whose rows come one by one; median of the rounds.</param>
/// <param name="BareMicroseconds">CPU of that per sample, writer and PostgreSQL together; null when PostgreSQL runs elsewhere.</param>
/// <param name="Ratio">Median over the rounds of service against bare COPY.</param>
/// <param name="HistoryMicroseconds">CPU of history per sample.</param>
/// <param name="ServerMicroseconds">CPU of PostgreSQL per sample; null when it runs elsewhere.</param>
/// <param name="ClientMicroseconds">CPU of this program per sample, which delivers in the sidecar's place.</param>
sealed record HistoryRate(
    double SamplesPerSecond, double BareSamplesPerSecond, double? BareMicroseconds, double Ratio, double HistoryMicroseconds, double? ServerMicroseconds, double ClientMicroseconds);

/// <summary>One round through the service.</summary>
sealed record ServiceCost(double SamplesPerSecond, double HistoryMicroseconds, double? ServerMicroseconds, double ClientMicroseconds);

sealed record HistoryResult(
    HistorySettings Settings, string Server, IReadOnlyList<LayoutCost> Layouts, HistoryRate Rate, RatedCost Rated, long ChartSamples, IReadOnlyList<ChartTime> Charts, bool Passed);

/// <summary>
/// History against bare binary COPY of the same samples in the same run; what storing costs at the rated load, by layout;
/// and how soon charts come.
/// </summary>
static class HistoryBench
{
    const double RateBar = 0.7, HistoryBar = 0.3, ServerBar = 0.6, GigabytesBar = 40, ChartBarMs = 50;
    const int Rounds = 3, Writers = 4, MessagesPerDelivery = 500;

    /// <summary>Enough that a checkpoint, or a pause, does not decide a round.</summary>
    const int MinutesPerRound = 5;

    const long AllMillions = 100;

    public static async Task<HistoryResult> RunAsync(HistorySettings settings)
    {
        var schema = SeriesSchema.Of([.. Enumerable.Range(0, settings.Series).Select(index => SeriesColumn.Of($"bench.metric.{index:00}", "1"))]);
        await using var database = await BenchDatabase.CreateAsync();
        AnsiConsole.MarkupLine($"{Markup.Escape(database.Version)}, {settings.Entities} entities x {settings.Series} series, {Environment.ProcessorCount} cores shared by all");

        var fleet = new HostTicks(settings.Entities, settings.Series);
        var minute = TicksOf(fleet, settings, Now, minutes: 1);
        var bare = new LayoutBench(database, Writers, MessagesPerDelivery);
        var layouts = new List<LayoutCost>();
        var compressions = await database.ScalarAsync<string[]>("SELECT enumvals FROM pg_settings WHERE name = 'default_toast_compression'");
        Layout[] candidates = [new RowPerSample(), new ArrayPerTick(), .. compressions.Select(name => new ArrayPerMinute(name)), new EncodedMinute()];
        foreach (var layout in candidates)
            layouts.Add(await bare.RunAsync(layout, minute));
        Print(layouts);

        await using var history = await HistoryProcess.StartAsync(database, schema);
        var deliveries = new Deliveries(schema);
        var rate = await RateAsync(database, bare, history, deliveries, fleet, settings);
        Print(rate);
        var rated = await new RatedLoad(database, history, deliveries, fleet, settings.Series).RunAsync(settings.Seconds);
        Print(rated);

        var entities = Math.Max(1, (int)Math.Round(settings.Millions * 1e6 / 86_400 / settings.Series));
        var charts = new ChartLatency(database, history, deliveries, schema, entities);
        var watch = Stopwatch.StartNew();
        var samples = await charts.FillAsync();
        AnsiConsole.MarkupLine($"{Text(samples / 1e6, "0.0")} million samples stored and rolled up in {Text(watch.Elapsed.TotalSeconds, "0")} s: a day of {entities} entities{(settings.Millions < AllMillions ? ", [yellow]scaled down from 100 million[/]" : "")}");
        var random = new Random(1);
        ChartTime[] times = [await charts.DayAsync(random), await charts.HourAsync(random)];
        Print(times);

        var passed = rate.Ratio >= RateBar && rated.HistoryCores <= HistoryBar && !(rated.ServerCores > ServerBar) && rated.GigabytesPerDay <= GigabytesBar
            && times.All(time => time.P99Ms <= ChartBarMs);
        AnsiConsole.MarkupLine(passed ? "[green]passed[/]" : "[red]missed[/]");
        return new HistoryResult(settings, database.Version, layouts, rate, rated, samples, times, passed);
    }

    /// <summary>Turns of bare COPY and service on ticks of the same kind, so that a machine whose speed drifts disturbs both alike.</summary>
    static async Task<HistoryRate> RateAsync(
        BenchDatabase database, LayoutBench bare, HistoryProcess history, Deliveries deliveries, HostTicks fleet, HistorySettings settings)
    {
        // Both add to what they stored in the rounds before: an index that has grown takes longer than a new one, whoever writes.
        var layout = new ArrayPerTick();
        await bare.CreateAsync(layout);
        var (service, copy, ratios) = (new List<ServiceCost>(), new List<LayoutCost>(), new List<double>());
        for (var round = 0; round <= Rounds; round++)
        {
            // Ahead of the clock, so that no minute is sealed yet, late rows being another matter, nor packed with those of the rated load.
            var ticks = TicksOf(fleet, settings, Now.AddMinutes(30 + (round * MinutesPerRound)), MinutesPerRound);
            var alone = await bare.StoreAsync(layout, ticks);
            var own = await ServiceRateAsync(database, history, deliveries, ticks);
            if (round == 0)
                continue; // Warms up.
            service.Add(own);
            copy.Add(alone);
            ratios.Add(own.SamplesPerSecond / alone.SamplesPerSecond);
        }
        return new HistoryRate(
            Median(service, cost => cost.SamplesPerSecond), Median(copy, cost => cost.SamplesPerSecond),
            copy[0].ServerMicroseconds is null ? null : Median(copy, cost => cost.WriterMicroseconds + cost.ServerMicroseconds!.Value), Median(ratios),
            Median(service, cost => cost.HistoryMicroseconds),
            service[0].ServerMicroseconds is null ? null : Median(service, cost => cost.ServerMicroseconds!.Value),
            Median(service, cost => cost.ClientMicroseconds));
    }

    static async Task<ServiceCost> ServiceRateAsync(BenchDatabase database, HistoryProcess history, Deliveries deliveries, List<Tick[]> ticks)
    {
        var messages = Enumerable.Range(0, ticks[0].Length).SelectMany(second => ticks.Select(entity => new ArraySegment<Tick>(entity, second, 1)));
        var ready = messages.Chunk(MessagesPerDelivery).Select(deliveries.Raw).ToList();
        var samples = ticks.Sum(entity => (double)entity.Length * entity[0].Values.Length);
        var (used, served, client, watch) = (history.CpuSeconds(), database.CpuSeconds(), Process.GetCurrentProcess().TotalProcessorTime, Stopwatch.StartNew());
        await Parallel.ForEachAsync(
            ready, new ParallelOptions { MaxDegreeOfParallelism = Writers }, async (delivery, _) => await history.DeliverAsync(Topics.MetricsRaw, delivery));
        var seconds = watch.Elapsed.TotalSeconds;
        client = Process.GetCurrentProcess().TotalProcessorTime - client;
        return new ServiceCost(
            samples / seconds, (history.CpuSeconds() - used) * 1e6 / samples, (database.CpuSeconds() - served) * 1e6 / samples, client.TotalMicroseconds / samples);
    }

    static List<Tick[]> TicksOf(HostTicks fleet, HistorySettings settings, DateTime begin, int minutes) =>
        [.. Enumerable.Range(0, settings.Entities).Select(entity => Enumerable.Range(0, minutes * 60).Select(second => fleet.Next(entity, begin.AddSeconds(second))).ToArray())];

    static void Print(List<LayoutCost> layouts)
    {
        var table = new Table().AddColumns("layout, bare COPY", "samples/s", "writer µs", "PostgreSQL µs", "bytes/sample", "chart ms", "GB/day at 50,000/s");
        foreach (var cost in layouts)
        {
            table.AddRow(
                Markup.Escape(cost.Layout), Text(cost.SamplesPerSecond, "#,0"), Text(cost.WriterMicroseconds, "0.00"), Text(cost.ServerMicroseconds, "0.00"),
                Text(cost.BytesPerSample, "0.0"), Text(cost.ChartMs, "0.0"), Text(cost.BytesPerSample * 50_000 * 86_400 / 1e9, "0"));
        }
        AnsiConsole.Write(table);
    }

    static void Print(HistoryRate rate) => AnsiConsole.MarkupLine(
        $"storing {Text(rate.SamplesPerSecond, "#,0")} samples/s through the service, bare COPY {Text(rate.BareSamplesPerSecond, "#,0")}: {Text(rate.Ratio * 100, "0")} % (bar {Text(RateBar * 100, "0")} %); "
        + $"CPU per sample: history {Text(rate.HistoryMicroseconds, "0.00")} µs, PostgreSQL {Text(rate.ServerMicroseconds, "0.00")} µs, delivering {Text(rate.ClientMicroseconds, "0.00")} µs; bare COPY {Text(rate.BareMicroseconds, "0.00")} µs");

    static void Print(RatedCost cost) => AnsiConsole.MarkupLine(
        $"at {Text(cost.SamplesPerSecond, "#,0")} samples/s with scores: history {Text(cost.HistoryCores * 100, "0")} % of a core (bar {Text(HistoryBar * 100, "0")}), "
        + $"{Text(cost.ResidentBytes / 1e6, "0")} MB, PostgreSQL {Text(cost.ServerCores * 100, "0")} % (bar {Text(ServerBar * 100, "0")}), "
        + $"{Text(cost.RawBytesPerSample, "0.0")} bytes per sample as they come, {Text(cost.PackedBytesPerSample, "0.0")} packed and {Text(cost.RollUpBytesPerSample, "0.0")} of roll-ups: "
        + $"{Text(cost.GigabytesPerDay, "0")} GB a day (bar {Text(GigabytesBar, "0")}) and at most {Text(cost.UnpackedGigabytes, "0.0")} GB of hours that are not packed or not dropped yet, at most {Text(cost.BehindSeconds, "0.00")} s behind");

    static void Print(IReadOnlyList<ChartTime> times)
    {
        foreach (var time in times)
            AnsiConsole.MarkupLine($"{time.Chart}: p50 {Text(time.P50Ms, "0.0")} ms, p99 {Text(time.P99Ms, "0.0")} ms (bar {Text(ChartBarMs, "0")}), {Text(time.Megabytes, "0.00")} MB");
    }

    static DateTime Now => TimeProvider.System.GetUtcNow().UtcDateTime;

    static double Median(List<double> values) => Median(values, value => value);

    static double Median<T>(List<T> measured, Func<T, double> figure) => measured.Select(figure).Order().ElementAt(measured.Count / 2);

    static string Text(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}
