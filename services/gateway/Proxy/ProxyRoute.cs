using Forewarn.Contracts;

namespace Forewarn.Gateway.Proxy;

/// <summary>A public path, the service that answers it, and what the API document says about it.</summary>
/// <param name="Upstream">Path at the service; <c>{id}</c> is filled from the public path.</param>
/// <param name="Answer">What it answers with <paramref name="Success"/>.</param>
sealed record ProxyRoute(string Method, string Path, string App, string Upstream, string Name, string Summary, Type Answer, int Success = StatusCodes.Status200OK)
{
    public IReadOnlyList<ProxyParameter> Query { get; init; } = [];

    /// <summary>What a request carries; null = nothing that is read.</summary>
    public Type? Body { get; init; }

    /// <summary>The body may be left out.</summary>
    public bool MayHaveNoBody { get; init; }

    /// <summary>There may be none: 404, as for every path with an id.</summary>
    public bool MayBeAbsent { get; init; }

    /// <summary>What is there may stand against it: 409.</summary>
    public bool MayConflict { get; init; }

    public static readonly IReadOnlyList<ProxyRoute> All =
    [
        new("GET", "/api/entities", Apps.History, "/v1/entities", "listEntities", "Watched entities by name", typeof(Page<EntityInfo>))
        {
            Query = [ProxyParameter.EntityGlob, ProxyParameter.Since, ProxyParameter.Cursor, ProxyParameter.Limit(1000, 200)],
        },
        new("GET", "/api/series", Apps.History, "/v1/series", "listSeries", "Series by entity and id, sought by name, unit and labels", typeof(Page<SeriesInfo>))
        {
            Query =
            [
                ProxyParameter.EntityGlob, ProxyParameter.SeriesName, ProxyParameter.Unit, ProxyParameter.Label,
                ProxyParameter.Since, ProxyParameter.Cursor, ProxyParameter.Limit(1000, 500),
            ],
        },
        new("GET", "/api/latest", Apps.History, "/v1/latest", "listLatest", "Newest measured values by entity and series id", typeof(Page<LatestValue>))
        {
            Query =
            [
                ProxyParameter.EntityGlob, ProxyParameter.SeriesIds, ProxyParameter.SeriesName, ProxyParameter.Unit, ProxyParameter.Label,
                ProxyParameter.Cursor, ProxyParameter.Limit(1000, 500),
            ],
        },
        new("GET", "/api/range", Apps.History, "/v1/range", "readRange", "Series of one entity on one time axis", typeof(RangeResult))
        {
            Query =
            [
                new("entity", "Name from /api/entities", Required: true),
                new("series", "Up to 50 ids from /api/series, separated by commas; may be absent with scores"),
                ProxyParameter.From, ProxyParameter.To,
                new("step", "Milliseconds between points; 0 or absent: the server chooses, at most 1,000 points", ProxyParameter.Integer),
                new("scores", "Score, p and anomalies on the same axis", ProxyParameter.Boolean),
            ],
        },
        new("GET", "/api/predictions", Apps.History, "/v1/predictions", "listPredictions", "Verdicts by time", typeof(Page<PredictionInfo>))
        {
            Query =
            [
                new("entity", "Name from /api/entities; all when absent"), ProxyParameter.From, ProxyParameter.To, ProxyParameter.Cadence, ProxyParameter.Anomalous,
                new("order", "Which come first; default newest") { Values = ["newest", "oldest"] }, ProxyParameter.Cursor, ProxyParameter.Limit(5000, 500),
            ],
        },
        new("GET", "/api/incidents", Apps.History, "/v1/incidents", "listIncidents", "Incidents, newest first", typeof(Page<IncidentEvent>))
        {
            Query =
            [
                new("entity", "All entities when absent"),
                ProxyParameter.Status,
                ProxyParameter.From with { Description = "Unresolved at this time or later; unix milliseconds", Required = false },
                ProxyParameter.To with { Description = "Opened before this time; unix milliseconds", Required = false },
                ProxyParameter.Cursor, ProxyParameter.Limit(500, 100),
            ],
        },
        new("GET", "/api/incidents/{id}", Apps.History, "/v1/incidents/{id}", "findIncident", "One incident in its newest revision", typeof(IncidentEvent)),
        new("POST", "/api/incidents/{id}/acknowledge", Apps.Alerting, "/v1/incidents/{id}/acknowledge", "acknowledgeIncident", "Somebody looks after it", typeof(IncidentEvent))
        {
            MayConflict = true,
            Body = typeof(IncidentActionRequest),
            MayHaveNoBody = true,
        },
        new("POST", "/api/incidents/{id}/assign", Apps.Alerting, "/v1/incidents/{id}/assign", "assignIncident", "Say who looks after it, or take that back", typeof(IncidentEvent))
        {
            MayConflict = true,
            Body = typeof(AssignRequest),
        },
        new("POST", "/api/incidents/{id}/comment", Apps.Alerting, "/v1/incidents/{id}/comment", "commentIncident", "Write down what is known", typeof(IncidentEvent))
        {
            MayConflict = true,
            Body = typeof(CommentRequest),
        },
        new("POST", "/api/incidents/{id}/resolve", Apps.Alerting, "/v1/incidents/{id}/resolve", "resolveIncident", "It is over", typeof(IncidentEvent))
        {
            MayConflict = true,
            Body = typeof(IncidentActionRequest),
            MayHaveNoBody = true,
        },
        new("POST", "/api/changes", Apps.Alerting, "/v1/changes", "recordChange", "Something was changed on purpose: a deployment, a setting, a restart; the open incidents that were told of it", typeof(Page<IncidentEvent>))
        {
            Body = typeof(ChangeRequest),
        },
        new("GET", "/api/silences", Apps.Alerting, "/v1/silences", "listSilences", "Silences and maintenance that hold or will hold, newest first", typeof(Page<SilenceInfo>))
        {
            Query = [new("ended", "Those that ended in the last week too", ProxyParameter.Boolean)],
        },
        new("POST", "/api/silences", Apps.Alerting, "/v1/silences", "silence", "Let matching incidents open without telling anybody for a time", typeof(SilenceInfo), StatusCodes.Status201Created)
        {
            MayConflict = true,
            Body = typeof(SilenceRequest),
        },
        new("DELETE", "/api/silences/{id}", Apps.Alerting, "/v1/silences/{id}", "endSilence", "End a silence now", typeof(SilenceInfo)),
        new("POST", "/api/silences/preview", Apps.Alerting, "/v1/silences/preview", "previewSilence", "What a silence would have kept quiet in the last seven days", typeof(SilencePreview))
        {
            Body = typeof(SilencePreviewRequest),
        },
        new("GET", "/api/budgets", Apps.Alerting, "/v1/budgets", "listBudgets", "False-alarm budgets and their use over the last seven days", typeof(Page<BudgetInfo>)),
        new("GET", "/api/alerts/config", Apps.Alerting, "/v1/config", "readRouting", "Who is told of what, and what is wrong with the file that says so", typeof(AlertConfigInfo)),
        new("POST", "/api/alerts/test", Apps.Alerting, "/v1/alerts/test", "testRoute", "Send a test notification to the receivers of a route, or to one receiver", typeof(AlertTest), StatusCodes.Status202Accepted)
        {
            MayBeAbsent = true,
            Query = [new("route", "Name from /api/alerts/config"), new("receiver", "Name from /api/alerts/config; instead of a route")],
        },
        new("GET", "/api/alerts/tests/{id}", Apps.Alerting, "/v1/alerts/tests/{id}", "findTest", "What became of a test notification, for a day", typeof(AlertTest)),
        new("POST", "/api/alerts/dry-run", Apps.Alerting, "/v1/alerts/dry-run", "dryRunRouting", "What a configuration would have sent for stored incidents", typeof(DryRunResult))
        {
            Body = typeof(DryRunRequest),
        },
        new("GET", "/api/lead-times", Apps.History, "/v1/lead-times", "listLeadTimes", "Predictions of limits and what became of them, newest first", typeof(Page<LeadTime>))
        {
            Query =
            [
                new("entity", "All entities when absent"),
                new("outcome", "pending, confirmed, averted, expired; several separated by commas; all when absent"),
                ProxyParameter.From with { Description = "Said at this time or later; unix milliseconds", Required = false },
                ProxyParameter.To with { Description = "Said before this time; unix milliseconds", Required = false },
                ProxyParameter.Cursor, ProxyParameter.Limit(1000, 200),
            ],
        },
        new("GET", "/api/lead-times/summary", Apps.History, "/v1/lead-times/summary", "summariseLeadTimes", "How predictions fared: precision, seconds earned, calibration", typeof(LeadTimeSummary))
        {
            Query =
            [
                ProxyParameter.From with { Description = "Said at this time or later; unix milliseconds", Required = false },
                ProxyParameter.To with { Description = "Said before this time; unix milliseconds", Required = false },
            ],
        },
        new("GET", "/api/feedback", Apps.Trainer, "/v1/feedback", "listFeedback", "What people said of decisions, newest first", typeof(Page<FeedbackEvent>))
        {
            Query = [new("incident", "What was said of one incident"), new("entity", "All entities when absent"), ProxyParameter.Cursor, ProxyParameter.Limit(500, 100)],
        },
        new("POST", "/api/feedback/preview", Apps.Trainer, "/v1/feedback/preview", "previewFeedback", "Find out what learning the feedback would have changed; the job tells how it goes", typeof(JobEvent), StatusCodes.Status202Accepted)
        {
            MayConflict = true,
            Query = [new("days", "How far back, 1 to 31, default 1", ProxyParameter.Integer), new("kind", "isolation-forest or autoencoder; the configured kind when absent")],
        },
        new("GET", "/api/feedback/preview", Apps.Trainer, "/v1/feedback/preview", "readPreview", "The newest preview", typeof(FeedbackPreview)) { MayBeAbsent = true },
        new("GET", "/api/training/exclusions", Apps.Trainer, "/v1/exclusions", "listExclusions", "Times that no training learns from, newest first", typeof(Page<Exclusion>)),
        new("POST", "/api/training/exclusions", Apps.Trainer, "/v1/exclusions", "excludeFromTraining", "Leave a time out of every training", typeof(Exclusion), StatusCodes.Status201Created)
        {
            MayConflict = true,
            Body = typeof(ExclusionRequest),
        },
        new("DELETE", "/api/training/exclusions/{id}", Apps.Trainer, "/v1/exclusions/{id}", "removeExclusion", "Let trainings learn from a time again", typeof(Exclusion)),
        new("GET", "/api/models", Apps.Trainer, "/v1/models", "listModels", "Model versions, newest first", typeof(Page<ModelInfo>)),
        new("GET", "/api/models/drift", Apps.Trainer, "/v1/drift", "readDrift", "How far measurements have moved from what the champion learned, and how it does since its promotion", typeof(ModelDrift)),
        new("POST", "/api/models/{id}/promote", Apps.Trainer, "/v1/models/{id}/promote", "promoteModel", "Make a challenger or a retired version champion", typeof(ModelInfo)) { MayConflict = true },
        new("POST", "/api/models/rollback", Apps.Trainer, "/v1/models/rollback", "rollbackModel", "Go back to the champion before", typeof(ModelInfo))
        {
            MayConflict = true,
            Query = [new("group", "Whose champion; default any")],
        },
        new("POST", "/api/train", Apps.Trainer, "/v1/train", "train", "Train a model from history; the job tells how it goes", typeof(JobEvent), StatusCodes.Status202Accepted)
        {
            MayConflict = true,
            Query = [new("kind", "isolation-forest, autoencoder or half-space-trees; the configured kind when absent")],
        },
        new("GET", "/api/jobs", Apps.Trainer, "/v1/jobs", "listJobs", "Trainings, newest first", typeof(Page<JobEvent>)),
        new("GET", "/api/jobs/{id}", Apps.Trainer, "/v1/jobs/{id}", "findJob", "Progress of a training", typeof(JobEvent)),
    ];
}

/// <summary>A query parameter, for the API document; the service behind judges its value.</summary>
sealed record ProxyParameter(string Name, string Description, string Type = "string", bool Required = false)
{
    public const string Integer = "integer";
    public const string Boolean = "boolean";

    /// <summary>All values there are; empty when it takes others.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>It may stand several times.</summary>
    public bool Repeatable { get; init; }

    public static readonly ProxyParameter EntityGlob = new("entity", "Name from /api/entities, or a pattern in which * stands for any characters; all when absent");
    public static readonly ProxyParameter SeriesName = new("name", "Beginning of the series' name; with a * a pattern for the whole name");
    public static readonly ProxyParameter SeriesIds = new("series", "Up to 50 ids from /api/series, separated by commas");
    public static readonly ProxyParameter Unit = new("unit", "UCUM unit, for example By/s");
    public static readonly ProxyParameter Label =
        new("label", "key:value, where the value may hold *; key:* = has the label; !key:value = does not match; all must hold") { Repeatable = true };
    public static readonly ProxyParameter Since =
        new("since", "Only what was seen at this time or later, unix milliseconds; 0: all that is kept at any level. Default: within the retention of samples", Integer);
    public static readonly ProxyParameter From = new("from", "Unix milliseconds, inclusive", Integer, Required: true);
    public static readonly ProxyParameter To = new("to", "Unix milliseconds, exclusive", Integer, Required: true);
    public static readonly ProxyParameter Cadence = new("cadence", "Milliseconds between ticks; all cadences when absent", Integer);
    public static readonly ProxyParameter Anomalous = new("anomalous", "Only ticks inside an open decision", Boolean);
    public static readonly ProxyParameter Status = new("status", "open, acknowledged, resolved; several separated by commas; all when absent");
    public static readonly ProxyParameter Cursor = new("cursor", "'next' of the page before");

    public static ProxyParameter Limit(int most, int standard) => new("limit", $"1 to {most}, default {standard}", Integer);
}
