using System.Globalization;
using System.Text.Json;
using Forewarn.Contracts;
using Forewarn.History.LeadTimes;
using Npgsql;
using NpgsqlTypes;

namespace Forewarn.History.Storage;

/// <summary>The lead-time ledger.</summary>
sealed class LeadTimeReader(NpgsqlDataSource database)
{
    /// <summary>Lines, newest first, from the one after <paramref name="after"/>.</summary>
    /// <param name="span">In which they were said, the end exclusive; unix milliseconds.</param>
    public async Task<List<LeadTime>> ListAsync(
        string? entity, IReadOnlyList<PredictionOutcome> outcomes, (long From, long To) span, LeadTimeCursor? after, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            SELECT incident, entity, body::text FROM history.lead_times
            WHERE ($1::text IS NULL OR entity = $1) AND (cardinality($2::text[]) = 0 OR outcome = ANY($2))
              AND ($3::bigint IS NULL OR (said_at, incident) < ($3, $4)) AND said_at >= $6 AND said_at < $7
            ORDER BY said_at DESC, incident DESC LIMIT $5
            """);
        command.Parameters.Add(new() { Value = (object?)entity ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = outcomes.Select(Word).ToArray() });
        command.Parameters.Add(new() { Value = (object?)after?.SaidAt ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new() { Value = (object?)after?.Incident ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = limit });
        command.Parameters.Add(new() { Value = span.From });
        command.Parameters.Add(new() { Value = span.To });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var lines = new List<LeadTime>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var prediction = JsonSerializer.Deserialize(reader.GetString(2), ContractJson.Default.BreachPrediction)!;
            lines.Add(new LeadTime
            {
                Incident = reader.GetString(0),
                Entity = reader.GetString(1),
                Prediction = prediction,
                LeadSeconds = LeadTimeAccount.LeadSeconds(prediction.Outcome, prediction.SaidAt, prediction.OutcomeAt),
            });
        }
        return lines;
    }

    /// <summary>How the predictions fared that were said in a span, the end exclusive; unix milliseconds.</summary>
    public async Task<LeadTimeSummary> SummariseAsync((long From, long To) span, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            SELECT outcome, said_at, outcome_at, earliest_at, latest_at, probability FROM history.lead_times WHERE said_at >= $1 AND said_at < $2
            """);
        command.Parameters.Add(new() { Value = span.From });
        command.Parameters.Add(new() { Value = span.To });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var account = new LeadTimeAccount();
        while (await reader.ReadAsync(cancellationToken))
        {
            account.Add(
                Outcome(reader.GetString(0)), reader.GetInt64(1), await reader.IsDBNullAsync(2, cancellationToken) ? null : reader.GetInt64(2),
                reader.GetInt64(3), reader.GetInt64(4), reader.GetDouble(5));
        }
        return account.Close(span.From, span.To);
    }

    public static string Word(PredictionOutcome outcome) => outcome.ToString().ToLower(CultureInfo.InvariantCulture);

    static PredictionOutcome Outcome(string word) => Enum.Parse<PredictionOutcome>(word, ignoreCase: true);
}

/// <summary>Where a page of the ledger ended.</summary>
readonly record struct LeadTimeCursor(long SaidAt, string Incident)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{SaidAt}.{Incident}");

    public static bool TryParse(string text, out LeadTimeCursor cursor)
    {
        cursor = default;
        if (!IncidentCursor.TryParse(text, out var parsed))
            return false;
        cursor = new LeadTimeCursor(parsed.OpenedAt, parsed.Id);
        return true;
    }
}
