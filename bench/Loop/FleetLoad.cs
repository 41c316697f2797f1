using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using Forewarn.Contracts;

namespace Forewarn.Bench.Loop;

/// <summary>Sends one row per entity and second, spread evenly over the second, in requests of 50 entities.</summary>
sealed class FleetLoad(Uri door, LoopSettings settings)
{
    const int EntitiesPerRequest = 50;
    const int FaultSeconds = 20;

    readonly HttpClient _http = new() { BaseAddress = door, Timeout = TimeSpan.FromSeconds(30) };
    readonly Random _random = new(1);
    readonly int[] _faultUntil = new int[settings.Entities];
    readonly ExternalSeries[] _series =
    [
        .. Enumerable.Range(0, settings.Series).Select(index => new ExternalSeries($"bench.metric.{index:00}", index % 3 == 0 ? "1" : "{item}/s")),
    ];
    readonly List<(string Entity, long At)> _injected = [];
    long _accepted;
    double _countingSince;
    double _countingUntil;
    volatile bool _faults;
    int _second;

    public int Refused { get; private set; }
    public int FaultsInjected => _injected.Count;

    /// <summary>Whom a fault was injected into, and when, unix milliseconds.</summary>
    public IReadOnlyList<(string Entity, long At)> Faults => [.. _injected];

    public double BehindSeconds { get; private set; }
    public double SamplesPerSecond => Interlocked.Read(ref _accepted) / (_countingUntil - _countingSince);

    public void StartCounting(bool injectFaults)
    {
        Interlocked.Exchange(ref _accepted, 0);
        _countingSince = Stopwatch.GetElapsedTime(0).TotalSeconds;
        BehindSeconds = 0;
        _faults = injectFaults;
    }

    /// <summary>Those under way go on to their end.</summary>
    public void StopInjecting() => _faults = false;

    public async Task RunAsync(CancellationToken stop)
    {
        var slots = (settings.Entities + EntitiesPerRequest - 1) / EntitiesPerRequest;
        var start = Stopwatch.GetTimestamp();
        var pending = new List<Task>();
        for (var step = 0L; !stop.IsCancellationRequested; step++)
        {
            var due = TimeSpan.FromSeconds((double)step / slots);
            var now = Stopwatch.GetElapsedTime(start);
            if (due > now)
                await Task.Delay(due - now, CancellationToken.None);
            else
                BehindSeconds = Math.Max(BehindSeconds, (now - due).TotalSeconds);
            var slot = (int)(step % slots);
            if (slot == 0)
                NextSecond();
            pending.RemoveAll(task => task.IsCompleted);
            pending.Add(SendAsync(slot));
        }
        await Task.WhenAll(pending);
        _countingUntil = Stopwatch.GetElapsedTime(0).TotalSeconds;
    }

    void NextSecond()
    {
        _second++;
        if (!_faults)
            return;
        int entity;
        do
            entity = _random.Next(settings.Entities);
        while (_faultUntil[entity] > 0);
        _faultUntil[entity] = _second + FaultSeconds;
        _injected.Add((NameOf(entity), TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()));
    }

    async Task SendAsync(int slot)
    {
        var first = slot * EntitiesPerRequest;
        var batches = Enumerable.Range(first, Math.Min(EntitiesPerRequest, settings.Entities - first)).Select(Batch).ToArray();
        using var body = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(batches, ContractJson.Default.ExternalBatchArray));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        try
        {
            using var response = await _http.PostAsync("/v1/metrics/json", body);
            if (response.IsSuccessStatusCode)
                Interlocked.Add(ref _accepted, (long)batches.Length * settings.Series);
            else
                Refused++;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            Refused++;
        }
    }

    /// <summary>Noise around a level of its own per series; a fault lifts a third of the series far out of it.</summary>
    ExternalBatch Batch(int entity)
    {
        var values = new double[settings.Series];
        lock (_random)
        {
            for (var index = 0; index < values.Length; index++)
            {
                var noise = _random.NextDouble() + _random.NextDouble() + _random.NextDouble() - 1.5;
                var lift = index % 3 == 0 && _faultUntil[entity] > _second ? 12 : 0;
                values[index] = index % 3 == 0 ? 0.3 + 0.02 * (noise + lift) : 100 + index + 5 * noise;
            }
        }
        return new ExternalBatch { Entity = NameOf(entity), Series = _series, Rows = [new ExternalRow(values)] };
    }

    static string NameOf(int entity) => $"bench-{entity:0000}";
}
