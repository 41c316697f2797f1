using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.History.Subscriptions;

/// <summary>Why a message can never be stored; null when it can.</summary>
static partial class Intake
{
    const int LongestName = 512;

    /// <summary>Ingestion refuses what lies further ahead than an hour; a day leaves room for clocks of other doors.</summary>
    static readonly TimeSpan Ahead = TimeSpan.FromDays(1);

    public static string? Refuse(MetricBatch batch, SeriesSchema schema, DateTimeOffset now)
    {
        if (RefuseEnvelope(batch) is { } reason)
            return reason;
        foreach (var row in batch.Rows)
        {
            if (row.Values.Length != schema.Columns.Count)
                return $"A row has {row.Values.Length} values, its schema {schema.Hash} has {schema.Columns.Count} columns.";
            if (RefuseTime(row.T, now) is { } wrong)
                return wrong;
        }
        return null;
    }

    public static string? Refuse(PredictionBatch batch, DateTimeOffset now) =>
        RefuseEnvelope(batch)
        ?? (HasNul(batch.Model) ? "The model's name holds a NUL character." : null)
        ?? batch.Ticks.Select(tick => RefuseTime(tick.T, now)).FirstOrDefault(reason => reason is not null);

    /// <summary>PostgreSQL's text and jsonb cannot hold NUL: such an incident would be delivered for ever.</summary>
    public static string? Refuse(IncidentEvent incident)
    {
        if (incident.Id.Length is 0 or > LongestName || incident.Entity.Length > LongestName || incident.Entities.Any(entity => entity is not { Length: <= LongestName }))
            return $"The incident's id is empty, or it or an entity is longer than {LongestName} characters.";
        return EscapedNul().IsMatch(JsonSerializer.Serialize(incident, ContractJson.Default.IncidentEvent))
            ? "The incident holds a NUL character."
            : null;
    }

    static string? RefuseEnvelope(EntityMessage message)
    {
        if (message.Entity.Length is 0 or > LongestName || HasNul(message.Entity))
            return $"The entity's name is empty, longer than {LongestName} characters or holds a NUL character.";
        if (message.Producer.Length is 0 or > 128 || HasNul(message.Producer))
            return "The producer is empty, longer than 128 characters or holds a NUL character.";
        return message.Seq is < 1 or long.MaxValue ? $"The sequence number {message.Seq} is not a count from 1." : null;
    }

    static string? RefuseTime(long t, DateTimeOffset now) =>
        t < 0 || t > (now + Ahead).ToUnixTimeMilliseconds() ? $"The time {t} lies more than a day ahead or before 1970." : null;

    /// <summary>An escaped NUL, not an escaped backslash before the letters u0000.</summary>
    [GeneratedRegex(@"(?<!\\)(?:\\\\)*\\u0000", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EscapedNul();

    static bool HasNul(string text) => text.Contains('\0', StringComparison.Ordinal);

    /// <summary>Moves a message to its dead topic, as it is understood here.</summary>
    public static Task BuryAsync<T>(this DeadLetters dead, string topic, string reason, T message, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        dead.PublishAsync(topic, reason, JsonSerializer.SerializeToUtf8Bytes(message, type), cancellationToken);
}
