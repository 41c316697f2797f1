using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Forewarn.Hosting;

sealed class DelegateHealthCheck(Func<string?> notReadyBecause) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(notReadyBecause() is { } reason ? HealthCheckResult.Unhealthy(reason) : HealthCheckResult.Healthy());
}

static class HealthReportWriter
{
    /// <summary><c>{"status":"unhealthy","checks":{"model":"no model yet"}}</c></summary>
    public static async Task Write(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "application/json";
        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter);
        writer.WriteStartObject();
        writer.WriteString("status", report.Status == HealthStatus.Healthy ? "healthy" : "unhealthy");
        writer.WriteStartObject("checks");
        foreach (var (name, entry) in report.Entries)
            writer.WriteString(name, entry.Status == HealthStatus.Healthy ? "healthy" : entry.Description ?? "unhealthy");
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
