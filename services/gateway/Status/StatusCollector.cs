using Forewarn.Contracts;

namespace Forewarn.Gateway.Status;

/// <summary>Puts <c>/api/status</c> together; the same answer serves everyone for two seconds.</summary>
sealed class StatusCollector(ServiceProbe probe, LiveFigures figures, IncidentBook incidents, ChampionWatch champion, TimeProvider time) : IDisposable
{
    static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    readonly SemaphoreSlim _one = new(1);
    ServiceAnswers _answers = new([], null);
    DateTimeOffset _asked = DateTimeOffset.MinValue;

    public async Task<PlatformStatus> ReadAsync(CancellationToken cancellationToken)
    {
        var answers = await AskAsync(cancellationToken);
        return new PlatformStatus
        {
            Services = answers.Services,
            SamplesPerSecond = Math.Round(figures.SamplesPerSecond, 1),
            Entities = figures.CountEntities(),
            LoopLatencyMs = figures.LoopLatency,
            AlertLatencyMs = figures.AlertLatency,
            Model = champion.Version ?? figures.Model,
            Storage = answers.Storage,
            OpenIncidents = incidents.Open,
            At = time.GetUtcNow().ToUnixTimeMilliseconds(),
        };
    }

    public void Dispose() => _one.Dispose();

    async Task<ServiceAnswers> AskAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (time.GetUtcNow() - _asked >= Fresh)
            {
                _answers = await probe.AskAsync(cancellationToken);
                _asked = time.GetUtcNow();
            }
            return _answers;
        }
        finally
        {
            _one.Release();
        }
    }
}
