using System.Globalization;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Notifications;

/// <summary>One line on standard output. Its first word says what happened, so that whoever reads the stream can colour it.</summary>
sealed class ConsoleChannel(TextWriter output) : INotificationChannel
{
    public string Name => "console";

    public async Task SendAsync(IncidentEvent incident, NotificationKind kind)
    {
        await output.WriteLineAsync(Line(incident, kind));
        await output.FlushAsync();
    }

    internal static string Line(IncidentEvent incident, NotificationKind kind) => kind switch
    {
        NotificationKind.Resolved => string.Create(CultureInfo.InvariantCulture,
            $"RESOLVED {incident.Entity}: after {Duration(incident)}, {incident.Summary} [{incident.Id}]"),
        _ => string.Create(CultureInfo.InvariantCulture,
            $"ALERT {incident.Severity.ToString().ToLowerInvariant()} {incident.Entity}: {incident.Summary} [{incident.Id}]"),
    };

    static string Duration(IncidentEvent incident)
    {
        var span = TimeSpan.FromMilliseconds((incident.ResolvedAt ?? incident.UpdatedAt) - incident.StartedAt);
        return span.TotalMinutes < 1
            ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0} s")
            : string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:0.#} min");
    }
}
