using Forewarn.Launcher.Platform;

namespace Forewarn.Launcher.Commands.Alerts;

/// <summary>All that is known of an incident, for a terminal.</summary>
static class IncidentText
{
    public static void Write(Terminal terminal, ModelView incident)
    {
        terminal.Plain($"  {incident.Text("summary")}");
        Line(terminal, "id", incident.Text("id"));
        Line(terminal, "state", incident.Text("status") + (incident.Text("mutedBy") is { } muted ? $", muted by {muted}" : "") + (incident.Flag("flapping") ? ", comes and goes" : ""));
        Line(terminal, "severity", $"{incident.Text("severity")}, {incident.Text("kind")}{(incident.Flag("storm") ? ", storm" : "")}");
        Line(terminal, "entity", string.Join(", ", incident.Texts("entities") is { Count: > 0 } entities ? entities : [incident.Text("entity") ?? "-"]));
        Line(terminal, "labels", string.Join(", ", incident.Pairs("labels").Select(label => $"{label.Name}={label.Value}")));
        Line(terminal, "began", incident.Time("startedAt"));
        if (incident.Time("resolvedAt") is not "-" and var end)
            Line(terminal, "ended", end);
        Line(terminal, "looked after", incident.Text("assignee"));
        Line(terminal, "cause", incident.Text("probableCause"));
        Evidence(terminal, incident);
        if (incident.Part("prediction") is { } prediction)
            Prediction(terminal, prediction);
        Symptoms(terminal, incident);
        Deliveries(terminal, incident);
        foreach (var entry in incident.Items("timeline"))
            terminal.Plain($"  {entry.Time("at")}  {entry.Text("what"),-13} {entry.Text("text")}{(entry.Text("who") is { } who ? $" ({who})" : "")}");
    }

    static void Evidence(Terminal terminal, ModelView incident)
    {
        foreach (var series in incident.Items("contributors").Take(5))
        {
            terminal.Plain(
                $"  evidence      {series.Text("name")} is {series.Number("value", "0.####")} {series.Text("unit")}, usual {series.Number("low", "0.####")} to {series.Number("high", "0.####")}");
        }
    }

    static void Prediction(Terminal terminal, ModelView prediction)
    {
        var outcome = prediction.Text("outcome") == "averted" ? $"averted by {prediction.Text("avertedBy") ?? "somebody"}" : prediction.Text("outcome");
        Line(terminal, "prediction", $"{prediction.Text("name")} hits {prediction.Number("limit", "0.####")} {prediction.Text("unit")} at {prediction.Time("predictedAt")}"
            + $" ({prediction.Time("earliestAt")} to {prediction.Time("latestAt")}), said {prediction.Time("saidAt")} with {prediction.Number("probability", "P0")}: {outcome}");
    }

    static void Symptoms(Terminal terminal, ModelView incident)
    {
        var symptoms = incident.Items("symptoms");
        foreach (var symptom in symptoms)
            terminal.Plain($"  symptom       {symptom.Text("entity")} since {symptom.Time("since")}: {symptom.Text("summary")} ({symptom.Text("why")})");
        if (incident.Whole("symptomCount") - symptoms.Count is > 0 and var more)
            terminal.Plain($"                and {more} more");
    }

    static void Deliveries(Terminal terminal, ModelView incident)
    {
        foreach (var delivery in incident.Items("deliveries"))
        {
            terminal.Plain(
                $"  told          {delivery.Text("receiver")} by {delivery.Text("channel")}: {delivery.Text("status")} {delivery.Time("at")}, attempt {delivery.Number("attempts")} ({delivery.Text("notification")})"
                + (delivery.Text("error") is { } error ? $": {error}" : ""));
        }
    }

    static void Line(Terminal terminal, string name, string? text)
    {
        if (!string.IsNullOrEmpty(text))
            terminal.Plain($"  {name,-13} {text}");
    }
}
