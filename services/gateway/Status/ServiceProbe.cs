using System.Net;
using System.Text.Json;
using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.Gateway.Status;

/// <summary>Asks the services how they are, through the sidecar, all at once.</summary>
sealed class ServiceProbe(ServiceInvoker services, TimeProvider time)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    static readonly string[] Others =
        [Apps.Ingestion, Apps.StreamProcessor, Apps.Predictor, Apps.Alerting, Apps.History, Apps.Trainer];

    public async Task<ServiceAnswers> AskAsync(CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(Others.Select(app => AskAsync(app, cancellationToken)));
        return new ServiceAnswers(
            [.. answers.Select(answer => answer.Status), new ServiceStatus(Apps.Gateway, "healthy")],
            answers.Single(answer => answer.Status.Name == Apps.History).Storage);
    }

    async Task<(ServiceStatus Status, string? Storage)> AskAsync(string app, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, (Uri?)null);
            using var response = await services.SendAsync(request, app, "healthz/ready", either.Token);
            if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable))
                return (new ServiceStatus(app, "down", "it does not answer"), null);
            var (reason, storage) = await ReadAsync(response, either.Token);
            return (response.StatusCode == HttpStatusCode.OK ? new ServiceStatus(app, "healthy") : new ServiceStatus(app, "degraded", reason), storage);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return (new ServiceStatus(app, "down", $"no answer within {Patience.TotalSeconds} s"), null);
        }
        catch (HttpRequestException)
        {
            return (new ServiceStatus(app, "down", "the sidecar does not answer"), null);
        }
    }

    /// <summary>
    /// The first check that is not healthy, and the note about storage:
    /// <c>{"status":"unhealthy","checks":{"model":"no model yet"},"notes":{"storage":"PostgreSQL 17.10"}}</c>.
    /// </summary>
    static async Task<(string? Reason, string? Storage)> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            using var report = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);
            var reason = report.RootElement.GetProperty("checks").EnumerateObject()
                .Where(check => check.Value.GetString() != "healthy").Select(check => $"{check.Name}: {check.Value.GetString()}").FirstOrDefault();
            return (reason, report.RootElement.TryGetProperty("notes", out var notes) && notes.TryGetProperty("storage", out var storage) ? storage.GetString() : null);
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return ("it says it is not ready", null);
        }
    }
}

/// <param name="Storage">What history says of where it stores; null when it says nothing.</param>
sealed record ServiceAnswers(IReadOnlyList<ServiceStatus> Services, string? Storage);
