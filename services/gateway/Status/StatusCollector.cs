using Forewarn.Contracts;

namespace Forewarn.Gateway.Status;

/// <summary>Puts <c>/api/status</c> together; the same answer serves everyone for two seconds.</summary>
sealed class StatusCollector(ServiceProbe probe, LiveFigures figures, IncidentBook incidents, ChampionWatch champion, TimeProvider time) : IDisposable
{
    static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    readonly SemaphoreSlim _one = new(1);
    IReadOnlyList<ServiceStatus> _services = [];
    DateTimeOffset _asked = DateTimeOffset.MinValue;

    public async Task<PlatformStatus> ReadAsync(CancellationToken cancellationToken)
    {
        var services = await ServicesAsync(cancellationToken);
        return new PlatformStatus
        {
            Services = services,
            SamplesPerSecond = Math.Round(figures.SamplesPerSecond, 1),
            Entities = figures.CountEntities(),
            LoopLatencyMs = figures.LoopLatency,
            AlertLatencyMs = figures.AlertLatency,
            Model = figures.Model ?? champion.Version,
            OpenIncidents = incidents.Open,
            At = time.GetUtcNow().ToUnixTimeMilliseconds(),
        };
    }

    public void Dispose() => _one.Dispose();

    async Task<IReadOnlyList<ServiceStatus>> ServicesAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (time.GetUtcNow() - _asked >= Fresh)
            {
                _services = await probe.AskAsync(cancellationToken);
                _asked = time.GetUtcNow();
            }
            return _services;
        }
        finally
        {
            _one.Release();
        }
    }
}
