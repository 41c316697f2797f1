namespace Forewarn.Gateway.Exposition;

/// <summary>Every family there is. Names are a contract with people's rules and boards: they are added to, not changed.</summary>
static class Families
{
    public static readonly Family Incidents = new("forewarn_incidents", "Unresolved incidents.", "severity", "status");
    public static readonly Family IncidentInfo = new(
        "forewarn_incident_info", "1 for every unresolved incident.", "incident", "entity", "kind", "severity", "status", "muted");
    public static readonly Family IncidentOpened = new(
        "forewarn_incident_opened_timestamp_seconds", "When an unresolved incident was opened, unix time.", "incident", "entity", "kind", "severity", "status", "muted");
    public static readonly Family Champion = new("forewarn_model_champion_info", "1 for the model that decides about every entity without one of its own group.", "model");

    /// <summary>The one of entities whose label is not theirs but their model's.</summary>
    public static readonly Family Model = new("forewarn_entity_model_info", "1 for the model that made the newest verdict.", "model");

    public static readonly Family<Verdict>[] OfEntities =
    [
        new("forewarn_entity_score", "How strange the newest tick is, 0 to 1; from about 0.5 on it is strange.", verdict => verdict.Tick.Score) { IsSingle = true },
        new("forewarn_entity_p_value", "Probability of a tick at least as strange while the entity behaves normally, 0 to 1.", verdict => verdict.Tick.P),
        new("forewarn_entity_p_extrapolated", "1 if the p-value is beyond what was ever observed and comes from a fitted tail, else 0.", verdict => verdict.Tick.Extrapolated ? 1 : 0),
        new("forewarn_entity_anomalous", "1 while Forewarn has decided that the entity is not normal, else 0.", verdict => verdict.Tick.Anomalous ? 1 : 0),
        new("forewarn_entity_maturity", "How much of its own history verdicts rest on: 0 cold, 1 warming, 2 warm.", verdict => (int)verdict.Maturity),
        new("forewarn_entity_last_tick_timestamp_seconds", "When the newest judged tick was measured, unix time.", verdict => verdict.Tick.T / 1000.0),
    ];

    public static readonly Family<MetricPoint>[] OfMetrics =
    [
        new("forewarn_metric_value", "Newest value in the metric's own unit, which the label unit names.", point => point.Value) { IsSingle = true },
        new("forewarn_metric_expected_low", "Lower end of the values that are normal now, in the metric's own unit.", point => point.Low) { IsSingle = true },
        new("forewarn_metric_expected_high", "Upper end of the values that are normal now, in the metric's own unit.", point => point.High) { IsSingle = true },
        new("forewarn_metric_z_score", "Signed distance of the newest value from normal in robust standard deviations.", point => point.Z) { IsSingle = true },
    ];

    /// <summary>Of metrics that are on their way to a limit.</summary>
    public static readonly Family<MetricPoint>[] OfForecasts =
    [
        new("forewarn_breach_limit", "Limit that the metric is on its way to, in the metric's own unit.", point => point.Forecast?.Limit ?? double.NaN),
        new(
            "forewarn_breach_probability", "Probability that the metric passes its limit in time if it goes on as it does, 0 to 1.",
            [
                new Reading<MetricPoint>("within=\"5m\"", point => point.Forecast?.P5m ?? double.NaN),
                new Reading<MetricPoint>("within=\"15m\"", point => point.Forecast?.P15m ?? double.NaN),
                new Reading<MetricPoint>("within=\"1h\"", point => point.Forecast?.P60m ?? double.NaN),
            ],
            "within"),
        new("forewarn_breach_median_seconds", "Median time until the metric passes its limit, at most a week.", point => point.Forecast?.MedianSeconds ?? double.NaN),
        new("forewarn_breach_earliest_seconds", "Lower end of the 80 % interval of the time until the metric passes its limit.", point => point.Forecast?.LowSeconds ?? double.NaN),
        new("forewarn_breach_latest_seconds", "Upper end of the 80 % interval of the time until the metric passes its limit.", point => point.Forecast?.HighSeconds ?? double.NaN),
    ];

    public static readonly Family Limit = new("forewarn_exposition_series_limit", "Most series of incidents, entities and metrics that one scrape gets.");
    public static readonly Family LeftOut = new(
        "forewarn_exposition_left_out_series", "Series that this scrape should have had and does not have: above the limit, or of columns that could not be read.", "level", "reason");
    public static readonly Family Duration = new("forewarn_exposition_duration_seconds", "Time that this scrape took until here.");

    /// <summary>In the order in which they are written.</summary>
    public static IEnumerable<Family> All => [Incidents, IncidentInfo, IncidentOpened, Champion, .. OfEntities, Model, .. OfMetrics, .. OfForecasts, Limit, LeftOut, Duration];

    /// <summary>Labels that all of a kind have, before the family's own.</summary>
    public static IReadOnlyList<string> CommonLabels(Family family) => family switch
    {
        Family<MetricPoint> => ["entity", "metric", "unit", "series", "label_*"],
        Family<Verdict> => ["entity", "cadence"],
        _ when family == Model => ["entity", "cadence"],
        _ => [],
    };
}
