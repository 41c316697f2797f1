using System.Text.Json;
using Forewarn.Contracts;

namespace Forewarn.Simulator;

/// <summary>Runs a plan: the past as fast as ingestion takes it, then a row a second; seconds that were missed are made up for.</summary>
sealed class Simulation(SimulationPlan plan, IngestClient client, ISimulationView view, TimeProvider time)
{
    const int SecondMs = 1000;
    const int MaxRowsPerRequest = 60;
    const int MaxEntitiesPerRequest = 50;

    readonly SimulatedFleet _fleet = new(plan.Entity, plan.Entities, plan.Seed);
    long _samples;

    /// <exception cref="SendingException">Ingestion refuses or stays away.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var live = time.GetUtcNow().ToUnixTimeMilliseconds() / SecondMs * SecondMs;
        var schedule = plan.At(live);
        var truthWritten = false;
        for (var next = schedule.HistoryMs; ;)
        {
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            var until = Math.Min(now, schedule.EndMs - 1 ?? long.MaxValue);
            next = await SendUntilAsync(schedule, next, until, cancellationToken);
            if (!truthWritten && schedule.Injection is { } injection && next > injection.StartMs)
            {
                WriteTruth(injection);
                truthWritten = true;
            }
            if (next >= schedule.EndMs)
                break;
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Max(1, next - time.GetUtcNow().ToUnixTimeMilliseconds())), time, cancellationToken);
        }
        view.Show(new(schedule, schedule.EndMs ?? live, Phase.Done, plan, _samples, default));
    }

    /// <summary>Sends every second from <paramref name="next"/> to <paramref name="until"/> inclusive; returns the one after.</summary>
    async Task<long> SendUntilAsync(SimulationSchedule schedule, long next, long until, CancellationToken cancellationToken)
    {
        while (next <= until)
        {
            var times = new List<long>();
            var rows = new List<HostReading[]>();
            for (; next <= until && times.Count < MaxRowsPerRequest; next += SecondMs)
            {
                times.Add(next);
                rows.Add(_fleet.Next(next, schedule.Injection));
            }
            for (var host = 0; host < _fleet.Hosts.Count; host += MaxEntitiesPerRequest)
                await client.SendAsync(Batches(host, times, rows), cancellationToken);
            _samples += (long)times.Count * _fleet.Hosts.Count * HostSchema.Series.Count;
            view.Show(new(schedule, times[^1], schedule.PhaseAt(times[^1]), plan, _samples, rows[^1][0]));
        }
        return next;
    }

    ExternalBatch[] Batches(int firstHost, List<long> times, List<HostReading[]> rows)
    {
        var batches = new ExternalBatch[Math.Min(MaxEntitiesPerRequest, _fleet.Hosts.Count - firstHost)];
        for (var i = 0; i < batches.Length; i++)
        {
            var host = firstHost + i;
            batches[i] = new ExternalBatch
            {
                Entity = _fleet.Hosts[host].Entity,
                Series = HostSchema.Series,
                Rows = [.. times.Select((t, row) => new ExternalRow(rows[row][host].Values, t))],
            };
        }
        return batches;
    }

    void WriteTruth(Injection injection)
    {
        if (plan.Truth is { } path)
            File.AppendAllText(path, JsonSerializer.Serialize(injection.Truth, SimulatorJson.Default.GroundTruth) + "\n");
    }
}
