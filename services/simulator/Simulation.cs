using System.Text.Json;
using Forewarn.Contracts;

namespace Forewarn.Simulator;

/// <summary>How a run goes through its course.</summary>
/// <param name="Truth">File for the ground truth; null = none.</param>
/// <param name="IntoThePast">As fast as it is taken, ending now; else live time begins now and takes its time.</param>
sealed record RunSettings(string? Truth = null, bool IntoThePast = false);

/// <summary>Runs a scenario: the past as fast as it is taken, then a row a second; seconds that were missed are made up for.</summary>
sealed class Simulation(Scenario scenario, RunSettings settings, IMetricSender sender, ISimulationView view, TimeProvider time)
{
    const int SecondMs = 1000;
    const int MaxRowsPerRequest = 60;
    const int MaxEntitiesPerRequest = 50;

    readonly SimulatedFleet _fleet = new(scenario.Fleet, scenario.Seed);
    readonly HashSet<Injection> _told = [];
    long _samples;

    /// <returns>The course that was run.</returns>
    /// <exception cref="SendingException">The receiver refuses or stays away.</exception>
    public async Task<Course> RunAsync(CancellationToken cancellationToken)
    {
        var now = Now() / SecondMs * SecondMs;
        var course = scenario.At(settings.IntoThePast && scenario.Length is { } length ? now - (long)length.TotalMilliseconds : now);
        for (var next = course.HistoryMs; ;)
        {
            next = await SendUntilAsync(course, next, Math.Min(Now(), course.EndMs - 1 ?? long.MaxValue), cancellationToken);
            if (next >= course.EndMs)
                break;
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Max(1, next - Now())), time, cancellationToken);
        }
        view.Show(new(scenario, course, course.EndMs ?? now, sender.Target, _samples, default));
        return course;
    }

    /// <summary>Sends every second from <paramref name="next"/> to <paramref name="until"/> inclusive; returns the one after.</summary>
    async Task<long> SendUntilAsync(Course course, long next, long until, CancellationToken cancellationToken)
    {
        while (next <= until)
        {
            var times = new List<long>();
            var rows = new List<HostReading[]>();
            for (; next <= until && times.Count < MaxRowsPerRequest; next += SecondMs)
            {
                times.Add(next);
                rows.Add(_fleet.Next(next, course.Injections));
            }
            for (var host = 0; host < _fleet.Hosts.Count; host += MaxEntitiesPerRequest)
            {
                if (Batches(host, times, rows) is { Count: > 0 } batches)
                    await sender.SendAsync(batches, cancellationToken);
            }
            TellTruth(course, next);
            view.Show(new(scenario, course, times[^1], sender.Target, _samples, rows[^1][0]));
        }
        return next;
    }

    List<ExternalBatch> Batches(int firstHost, List<long> times, List<HostReading[]> rows)
    {
        var batches = new List<ExternalBatch>();
        for (var host = firstHost; host < Math.Min(firstHost + MaxEntitiesPerRequest, _fleet.Hosts.Count); host++)
        {
            var told = times.Index().Select(second => (T: second.Item, Reading: rows[second.Index][host])).Where(each => !each.Reading.Silent)
                .Select(each => new ExternalRow(each.Reading.Values, each.T + each.Reading.SkewMs)).ToList();
            if (told.Count == 0)
                continue;
            batches.Add(new ExternalBatch { Entity = _fleet.Hosts[host].Entity, Attributes = _fleet.Hosts[host].Attributes, Series = HostSchema.Series, Rows = told });
            _samples += (long)told.Count * HostSchema.Series.Count;
        }
        return batches;
    }

    /// <summary>A line for every fault that has begun.</summary>
    void TellTruth(Course course, long next)
    {
        if (settings.Truth is not { } path)
            return;
        foreach (var injection in course.Injections.Where(injection => next > injection.StartMs && _told.Add(injection)))
            File.AppendAllText(path, JsonSerializer.Serialize(injection.Truth, SimulatorJson.Default.GroundTruth) + "\n");
    }

    long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
