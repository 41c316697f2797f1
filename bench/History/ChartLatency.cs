using System.Diagnostics;
using System.Globalization;
using Forewarn.Contracts;

namespace Forewarn.Bench.History;

/// <summary>Latency of a chart through the query API, milliseconds.</summary>
sealed record ChartTime(string Chart, double P50Ms, double P99Ms, double Megabytes);

/// <summary>Fills a day and asks for charts of it as a dashboard does.</summary>
sealed class ChartLatency(BenchDatabase database, HistoryProcess history, Deliveries deliveries, SeriesSchema schema, int entities)
{
    const int Requests = 300, WarmUp = 20, Writers = 4;
    const int SecondsPerMessage = 60, MessagesPerDelivery = 20;

    readonly DateTime _end = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-5);

    /// <summary>Stores a day of every entity and waits until it is rolled up; the number of samples.</summary>
    public async Task<long> FillAsync()
    {
        var fleet = new HostTicks(entities, schema.Columns.Count);
        var begin = _end.AddDays(-1);
        await Parallel.ForEachAsync(
            Minutes(fleet, begin).Chunk(MessagesPerDelivery), new ParallelOptions { MaxDegreeOfParallelism = Writers },
            async (messages, _) =>
            {
                await history.DeliverAsync(Topics.MetricsRaw, deliveries.Raw(messages));
                await history.DeliverAsync(Topics.Predictions, deliveries.Predictions(messages));
            });
        while (await database.ScalarAsync<bool>($"SELECT EXISTS (SELECT 1 FROM history.late) OR (SELECT min(rolled) FROM history.roll_ups) < '{_end:O}'"))
            await Task.Delay(TimeSpan.FromSeconds(1));
        await database.ExecuteAsync("VACUUM (ANALYZE)");
        return entities * 86_400L * schema.Columns.Count;
    }

    /// <summary>One series over 24 h, any of all.</summary>
    public Task<ChartTime> DayAsync(Random random) => TimeAsync("24 h of one series", random, () => Ask(random, 1, _end.AddDays(-1), TimeSpan.FromDays(1)));

    /// <summary>All series of an entity over an hour of the day.</summary>
    public Task<ChartTime> HourAsync(Random random) => TimeAsync(
        $"1 h of {schema.Columns.Count} series", random, () => Ask(random, schema.Columns.Count, _end.AddMinutes(-random.Next(60, 1440)), TimeSpan.FromHours(1)));

    // Time goes on in all entities at once, as it does in life.
    IEnumerable<ArraySegment<Tick>> Minutes(HostTicks fleet, DateTime begin)
    {
        for (var second = 0; second < 86_400; second += SecondsPerMessage)
        {
            for (var entity = 0; entity < entities; entity++)
            {
                var ticks = new Tick[SecondsPerMessage];
                for (var i = 0; i < ticks.Length; i++)
                    ticks[i] = fleet.Next(entity, begin.AddSeconds(second + i));
                yield return ticks;
            }
        }
    }

    string Ask(Random random, int series, DateTime from, TimeSpan span)
    {
        var columns = series == schema.Columns.Count ? schema.Columns : [schema.Columns[random.Next(schema.Columns.Count)]];
        var start = new DateTimeOffset(from, TimeSpan.Zero).ToUnixTimeMilliseconds();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"/v1/range?entity={Deliveries.NameOf(random.Next(entities))}&series={string.Join(',', columns.Select(column => column.Id))}&from={start}&to={start + (long)span.TotalMilliseconds}");
    }

    async Task<ChartTime> TimeAsync(string name, Random random, Func<string> ask)
    {
        var times = new List<double>();
        var bytes = 0L;
        for (var i = -WarmUp; i < Requests; i++)
        {
            var question = ask();
            var start = Stopwatch.GetTimestamp();
            var answer = await history.Http.GetByteArrayAsync(question);
            if (i < 0)
                continue;
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            bytes += answer.Length;
        }
        times.Sort();
        return new ChartTime(name, times[times.Count / 2], times[(int)(times.Count * 0.99)], bytes / 1e6 / Requests);
    }
}
