using System.Globalization;
using System.Text;
using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.Models;

/// <summary>A manifest as a page for people: what the model is, what it learned from, how far to trust it.</summary>
public static class ModelCard
{
    public static string Write(ModelManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var training = manifest.Training;
        var isJoint = manifest.RowSpec == JointRow.Version;
        var card = new StringBuilder();
        Line(card, $"# Model {manifest.Version}");
        Line(card, $"");
        Line(card, $"Kind `{manifest.Kind}`, made on {When(manifest.CreatedAt)} by Forewarn {manifest.CodeVersion}. It serves {(manifest.Group == ModelGroups.Any ? "every entity" : $"entities of schema {manifest.Group}")}.");
        Line(card, $"{(isJoint ? "Its score adds up how rare a moment is in several respects, as powers of ten: about 2 is ordinary, 6 and more is strange." : "Its score lies between 0 and 1: about 0.5 is ordinary, towards 1 is strange.")} It says that a moment is unusual, not that it is harmful, nor why.");
        Line(card, $"");
        Line(card, $"## What it learned from");
        Line(card, $"{training.Rows} rows, source `{training.Source}`, of which {training.HistoryRows} were measured on {training.Entities} entities{Span(training)}. Ticks inside incidents, missed, maintenance and flagged times were left out.");
        if (training.Feedback is { } feedback)
            Line(card, $"People's feedback: {feedback.FalseAlarms} false alarm(s) taught as normal, {feedback.RowsEach} row(s) each; {feedback.Useful} useful and {feedback.Missed} missed one(s) left out and kept to be found.");
        Line(card, $"Trained with {Settings(training)}seed {training.Seed}; data {training.DataHash ?? "unknown"}.");
        Line(card, $"");
        Line(card, $"## What it reads");
        Line(card, $"{(isJoint ? Joint(manifest) : $"{manifest.FeatureNames.Count} scale-free numbers")} per tick (features {manifest.FeatureSpec}, rows {manifest.RowSpec}): {string.Join(", ", isJoint ? JointRow.Names : manifest.FeatureNames)}.");
        Line(card, $"");
        Line(card, $"## Scores on {manifest.Prior.Count} normal rows {(isJoint ? "that it learned from" : "it was not trained on")}");
        Line(card, $"| share of rows below | score |");
        Line(card, $"|---|---|");
        for (var i = 0; i < manifest.Prior.Quantiles.Length; i++)
            Line(card, $"| {CalibrationPrior.Levels[i]:P1} | {manifest.Prior.Quantiles[i]:F4} |");
        Line(card, $"");
        Line(card, $"Beyond the last line the tail is extrapolated, and marked so in every prediction.");
        Line(card, $"");
        Line(card, $"## Measured when it was made");
        foreach (var (name, value) in manifest.Metrics.OrderBy(metric => metric.Key, StringComparer.Ordinal))
            Line(card, $"- {name}: {value:G4}");
        Line(card, $"");
        Line(card, $"## File");
        Line(card, $"{manifest.SizeBytes} bytes in {manifest.Parts.Count} part(s), SHA-256 `{manifest.Sha256}`. {(manifest.Parent is { } parent ? $"It replaced `{parent}`." : "It is the first of its group.")}");
        return card.ToString();
    }

    static string Joint(ModelManifest manifest) => $"{JointRow.Count} numbers of each of {manifest.FeatureNames.Count / JointRow.Count} series, scaled for each entity,";

    static string Span(TrainingRecord training) =>
        training is { From: { } from, To: { } to } ? $" between {When(from)} and {When(to)}" : "";

    static string Settings(TrainingRecord training) => string.Concat(training.Settings
        .OrderBy(setting => setting.Key, StringComparer.Ordinal)
        .Select(setting => string.Create(CultureInfo.InvariantCulture, $"{setting.Key} {setting.Value}, ")));

    static string When(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(unixMs).ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    static void Line(StringBuilder card, FormattableString text) => card.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
