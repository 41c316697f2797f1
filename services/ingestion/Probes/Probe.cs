using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>
/// Times one target. Series: <c>probe.duration</c> (s; masked on failure, so that a fast refusal never looks like a fast
/// answer), <c>probe.success</c> (1 or 0) and for HTTP <c>http.response.status_code</c>.
/// </summary>
sealed class Probe(ProbeOptions options, IProbeTarget target, Outbox outbox, TimeProvider time, ILogger<Probe> logger) : BackgroundService
{
    static readonly SeriesColumn _duration = SeriesColumn.Of("probe.duration", "s");
    static readonly SeriesColumn _success = SeriesColumn.Of("probe.success", "1");
    static readonly SeriesColumn _status = SeriesColumn.Of("http.response.status_code", "1");
    static readonly SeriesSchema _withStatus = SeriesSchema.Of([_duration, _success, _status]);
    static readonly SeriesSchema _withoutStatus = SeriesSchema.Of([_duration, _success]);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Log.ProbeStarted(logger, options.Entity, options.IntervalSeconds);
        while (!stoppingToken.IsCancellationRequested)
        {
            var t = await Grid.NextAsync(time, TimeSpan.FromSeconds(options.IntervalSeconds), stoppingToken);
            outbox.Add(await AskAsync(t, stoppingToken));
        }
    }

    internal async Task<Submission> AskAsync(long t, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(options.TimeoutMs), time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var start = time.GetTimestamp();
        ProbeAnswer answer;
        try
        {
            answer = await target.AskAsync(both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            answer = new(false, null);
        }
        var duration = answer.Success ? time.GetElapsedTime(start).TotalSeconds : double.NaN;
        var success = answer.Success ? 1.0 : 0.0;
        return target.HasStatus
            ? new(options.Entity, _withStatus, [new MetricRow(t, [duration, success, answer.Status ?? double.NaN])], Sources.Probe)
            : new(options.Entity, _withoutStatus, [new MetricRow(t, [duration, success])], Sources.Probe);
    }
}
