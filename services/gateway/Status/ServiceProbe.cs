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

    public async Task<IReadOnlyList<ServiceStatus>> AskAsync(CancellationToken cancellationToken) =>
        [.. await Task.WhenAll(Others.Select(app => AskAsync(app, cancellationToken))), new ServiceStatus(Apps.Gateway, "healthy")];

    async Task<ServiceStatus> AskAsync(string app, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, (Uri?)null);
            using var response = await services.SendAsync(request, app, "healthz/ready", either.Token);
            return response.StatusCode switch
            {
                HttpStatusCode.OK => new ServiceStatus(app, "healthy"),
                HttpStatusCode.ServiceUnavailable => new ServiceStatus(app, "degraded", await ReasonAsync(response, either.Token)),
                _ => new ServiceStatus(app, "down", "it does not answer"),
            };
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return new ServiceStatus(app, "down", $"no answer within {Patience.TotalSeconds} s");
        }
        catch (HttpRequestException)
        {
            return new ServiceStatus(app, "down", "the sidecar does not answer");
        }
    }

    /// <summary>The first check that is not healthy: <c>{"status":"unhealthy","checks":{"model":"no model yet"}}</c>.</summary>
    static async Task<string?> ReasonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            using var report = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);
            return report.RootElement.GetProperty("checks").EnumerateObject()
                .Where(check => check.Value.GetString() != "healthy").Select(check => $"{check.Name}: {check.Value.GetString()}").FirstOrDefault();
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return "it says it is not ready";
        }
    }
}
