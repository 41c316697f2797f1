using System.Text.Json;

namespace DevSidecar.PubSub;

/// <summary>Reads the app's answer to a delivery: the tables of dapr.md 2.4 (single) and 2.6 (bulk).</summary>
static class AppAnswer
{
    public static void Apply(int status, ReadOnlySpan<byte> body, bool bulk, IReadOnlyList<Message> messages)
    {
        if (!bulk || status is < 200 or > 299)
        {
            var verdict = status switch
            {
                >= 200 and < 300 => Single(body),
                404 => Verdict.Drop,
                _ => Verdict.Retry,
            };
            foreach (var message in messages)
            {
                message.Verdict = verdict;
            }

            return;
        }

        var verdicts = Bulk(body, messages.Count);
        foreach (var message in messages)
        {
            message.Verdict = verdicts.GetValueOrDefault(message.EntryId, Verdict.Retry);
        }
    }

    /// <summary>An empty body, or one that is no JSON object with a status, acknowledges.</summary>
    public static Verdict Single(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            if (body.IsEmpty || !JsonDocument.TryParseValue(ref reader, out var document))
            {
                return Verdict.Success;
            }

            using (document)
            {
                return document.RootElement.ValueKind == JsonValueKind.Object && Status(document.RootElement) is { } status
                    ? Named(status)
                    : Verdict.Success;
            }
        }
        catch (JsonException)
        {
            return Verdict.Success;
        }
    }

    /// <summary>What is not named in the answer, or named with an empty status, is to be retried.</summary>
    static Dictionary<string, Verdict> Bulk(ReadOnlySpan<byte> body, int count)
    {
        var verdicts = new Dictionary<string, Verdict>(count, StringComparer.Ordinal);
        try
        {
            var reader = new Utf8JsonReader(body);
            if (body.IsEmpty || !JsonDocument.TryParseValue(ref reader, out var document))
            {
                return verdicts;
            }

            using (document)
            {
                if (document.RootElement.ValueKind != JsonValueKind.Object
                    || !document.RootElement.TryGetProperty("statuses", out var statuses) || statuses.ValueKind != JsonValueKind.Array)
                {
                    return verdicts;
                }

                foreach (var item in statuses.EnumerateArray().Where(i => i.ValueKind == JsonValueKind.Object))
                {
                    if (item.TryGetProperty("entryId", out var id) && id.ValueKind == JsonValueKind.String)
                    {
                        var status = Status(item);
                        verdicts[id.GetString()!] = string.IsNullOrEmpty(status) ? Verdict.Retry : Named(status);
                    }
                }
            }
        }
        catch (JsonException)
        {
            verdicts.Clear();
        }

        return verdicts;
    }

    static string? Status(JsonElement element) =>
        element.TryGetProperty("status", out var status) && status.ValueKind == JsonValueKind.String ? status.GetString() : null;

    static Verdict Named(string status) => status switch
    {
        "" or "SUCCESS" => Verdict.Success,
        "DROP" => Verdict.Drop,
        _ => Verdict.Retry,
    };
}
