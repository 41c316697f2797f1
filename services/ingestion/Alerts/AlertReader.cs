using System.Text.Json;

namespace Forewarn.Ingestion;

/// <summary>What a request holds.</summary>
/// <param name="Alerts">Those that are in order.</param>
/// <param name="Refused">How many others there are.</param>
/// <param name="Refusal">What is wrong with the request, or with the first of those; null when nothing is.</param>
sealed record ReadAlerts(IReadOnlyList<SentAlert> Alerts, int Refused, Refusal? Refusal);

/// <summary>
/// Reads alerts as Prometheus and Alertmanager write them. As Alertmanager does it takes those that are in order and names the first that is
/// not; fields that it does not know it passes over, since either may have more.
/// </summary>
static class AlertReader
{
    /// <summary>Most alerts of a request.</summary>
    public const int MostAlerts = 2_000;

    /// <summary>Most labels, and most annotations, of an alert.</summary>
    public const int MostLabels = 64;

    const int MaxDepth = 16;
    const long HourMs = 3_600_000;

    /// <summary>2000-01-01: before it there was nobody to tell of it. Go's zero time, which means "not said", is long before.</summary>
    const long Oldest = 946_684_800_000;

    /// <param name="received">Unix milliseconds: what limits of time are measured against.</param>
    public static ReadAlerts Read(ReadOnlyMemory<byte> body, AlertForm form, long received)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return Read(document.RootElement, form, received);
        }
        catch (JsonException syntax)
        {
            return None(new(400, "syntax", "$", $"is not valid JSON (line {syntax.LineNumber + 1}, byte {syntax.BytePositionInLine + 1})"));
        }
    }

    static ReadAlerts Read(JsonElement root, AlertForm form, long received)
    {
        var at = form == AlertForm.Api ? "$" : "$.alerts";
        if (form == AlertForm.Webhook)
        {
            if (root.ValueKind != JsonValueKind.Object)
                return None(new(400, "type", "$", $"must be the object of a webhook, not {Describe(root)}; arrays of alerts go to /api/v2/alerts"));
            if (WhyNotNamed(root, "$") is { } nameless)
                return None(nameless);
            // Grafana's own alerting writes the same and says 1.
            if (root.TryGetProperty("version", out var version) && Text(version) is not ("4" or "1"))
                return None(new(400, "version", "$.version", "must be \"4\": other versions of the webhook are not known here"));
            if (!root.TryGetProperty("alerts", out root))
                return None(new(400, "missing", at, "is missing"));
        }
        if (root.ValueKind != JsonValueKind.Array)
            return None(new(400, "type", at, $"must be an array of alerts, not {Describe(root)}"));
        if (root.GetArrayLength() > MostAlerts)
            return None(new(400, "count", at, $"may hold at most {MostAlerts} alerts; send them in parts (max_alerts of a webhook)"));
        var alerts = new List<SentAlert>();
        Refusal? first = null;
        var refused = 0;
        foreach (var (index, element) in root.EnumerateArray().Index())
        {
            if (Alert(element, FormattableString.Invariant($"{at}[{index}]"), form, received, out var alert) is { } refusal)
                (first, refused) = (first ?? refusal, refused + 1);
            else
                alerts.Add(alert!);
        }
        return new ReadAlerts(alerts, refused, first);
    }

    static Refusal? Alert(JsonElement element, string at, AlertForm form, long received, out SentAlert? alert)
    {
        alert = null;
        if (element.ValueKind != JsonValueKind.Object)
            return new(400, "type", at, $"must be an object, not {Describe(element)}");
        if (WhyNotNamed(element, at) is { } nameless)
            return nameless;
        var wrongLabels = Texts(element, at, "labels", out var labels);
        var wrongAnnotations = Texts(element, at, "annotations", out var annotations);
        var wrongStart = Time(element, at, "startsAt", out var startsAt);
        var wrongEnd = Time(element, at, "endsAt", out var endsAt);
        var wrongStatus = Status(element, at, form, out var isFiring);
        if ((wrongLabels ?? wrongAnnotations ?? wrongStart ?? wrongEnd ?? wrongStatus) is { } refusal)
            return refusal;
        if (labels.Count == 0)
            return new(400, "missing", $"{at}.labels", "must hold at least one label that is not empty");
        if (startsAt > received + HourMs)
            return new(400, "time", $"{at}.startsAt", "lies more than an hour ahead");
        if (endsAt < startsAt)
            return new(400, "time", $"{at}.endsAt", "lies before startsAt");
        alert = new SentAlert([.. labels.OrderBy(label => label.Key, StringComparer.Ordinal)], annotations, startsAt, endsAt, isFiring,
            element.TryGetProperty("generatorURL", out var generator) ? Text(generator) : null);
        return null;
    }

    /// <summary>Half a surrogate pair in a name is valid JSON, but nothing can be looked up beside it.</summary>
    static Refusal? WhyNotNamed(JsonElement element, string at) =>
        element.EnumerateObject().Any(member => Name(member) is null) ? new(400, "type", at, "holds a name that is not valid Unicode") : null;

    /// <summary>An object of strings; empty ones count as absent, as in Prometheus.</summary>
    static Refusal? Texts(JsonElement alert, string at, string name, out Dictionary<string, string> texts)
    {
        texts = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!alert.TryGetProperty(name, out var element) || element.ValueKind == JsonValueKind.Null)
            return null;
        at = $"{at}.{name}";
        if (element.ValueKind != JsonValueKind.Object)
            return new(400, "type", at, $"must be an object of strings, not {Describe(element)}");
        var count = 0;
        foreach (var member in element.EnumerateObject())
        {
            if (++count > MostLabels)
                return new(400, "count", at, $"may hold at most {MostLabels}");
            if (Name(member) is not { } key || Text(member.Value) is not { } value)
                return new(400, "type", $"{at}.{JsonCursor.Quote(Name(member) ?? "")}", "must be a string of valid Unicode");
            if (value.Length > 0)
                texts[key] = value;
        }
        return null;
    }

    static Refusal? Time(JsonElement alert, string at, string name, out long? time)
    {
        time = null;
        if (!alert.TryGetProperty(name, out var element) || element.ValueKind == JsonValueKind.Null)
            return null;
        if (Text(element) is null || !element.TryGetDateTimeOffset(out var moment))
            return new(400, "time", $"{at}.{name}", "must be a time such as 2026-11-28T12:00:00Z");
        if (moment.Year > 1 && moment.ToUnixTimeMilliseconds() < Oldest)
            return new(400, "time", $"{at}.{name}", "lies before the year 2000");
        time = moment.Year > 1 ? moment.ToUnixTimeMilliseconds() : null;
        return null;
    }

    static Refusal? Status(JsonElement alert, string at, AlertForm form, out bool? isFiring)
    {
        isFiring = null;
        if (form == AlertForm.Api)
            return null;
        var status = alert.TryGetProperty("status", out var element) ? Text(element) : null;
        isFiring = status == "firing";
        return status is "firing" or "resolved" ? null : new(400, "status", $"{at}.status", "must be firing or resolved");
    }

    /// <summary>Null when it is no string, or none of valid Unicode.</summary>
    static string? Text(JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair is valid JSON and no text.
            return null;
        }
    }

    static string? Name(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    static ReadAlerts None(Refusal refusal) => new([], 0, refusal);

    static string Describe(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "a boolean",
    };
}
