using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Forewarn.Hosting;

sealed class DelegateHealthCheck(Func<string?> notReadyBecause) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(notReadyBecause() is { } reason ? HealthCheckResult.Unhealthy(reason) : HealthCheckResult.Healthy());
}

/// <summary>What a service says about itself besides being ready; nothing while <paramref name="Read"/> gives null.</summary>
sealed record HealthNote(string Name, Func<IServiceProvider, string?> Read);

static class HealthReportWriter
{
    /// <summary><c>{"status":"unhealthy","checks":{"model":"no model yet"},"notes":{"storage":"PostgreSQL 17.10"}}</c></summary>
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
        writer.WriteStartObject("notes");
        foreach (var note in context.RequestServices.GetServices<HealthNote>())
        {
            if (note.Read(context.RequestServices) is { } text)
                writer.WriteString(note.Name, text);
        }
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
