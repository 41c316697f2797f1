using Forewarn.Contracts;

namespace Forewarn.Gateway.Proxy;

/// <summary>A public path, the service that answers it, and what the API document says about it.</summary>
/// <param name="Upstream">Path at the service; <c>{id}</c> is filled from the public path.</param>
/// <param name="Answer">What it answers with <paramref name="Success"/>.</param>
sealed record ProxyRoute(string Method, string Path, string App, string Upstream, string Name, string Summary, Type Answer, int Success = StatusCodes.Status200OK)
{
    public IReadOnlyList<ProxyParameter> Query { get; init; } = [];

    /// <summary>What is there may stand against it: 409.</summary>
    public bool MayConflict { get; init; }

    public static readonly IReadOnlyList<ProxyRoute> All =
    [
        new("GET", "/api/entities", Apps.History, "/v1/entities", "listEntities", "Watched entities by name", typeof(Page<EntityInfo>))
        {
            Query = [ProxyParameter.Cursor, ProxyParameter.Limit(1000, 200)],
        },
        new("GET", "/api/series", Apps.History, "/v1/series", "listSeries", "Series by entity and id", typeof(Page<SeriesInfo>))
        {
            Query =
            [
                new("entity", "All entities when absent"), new("name", "Beginning of the series' name"),
                ProxyParameter.Cursor, ProxyParameter.Limit(1000, 500),
            ],
        },
        new("GET", "/api/range", Apps.History, "/v1/range", "readRange", "Series of one entity on one time axis", typeof(RangeResult))
        {
            Query =
            [
                new("entity", "Name from /api/entities", Required: true),
                new("series", "Up to 50 ids from /api/series, separated by commas; may be absent with scores"),
                new("from", "Unix milliseconds, inclusive", ProxyParameter.Integer, Required: true),
                new("to", "Unix milliseconds, exclusive", ProxyParameter.Integer, Required: true),
                new("step", "Milliseconds between points; 0 or absent: the server chooses, at most 1,000 points", ProxyParameter.Integer),
                new("scores", "Score, p and anomalies on the same axis", ProxyParameter.Boolean),
            ],
        },
        new("GET", "/api/incidents", Apps.History, "/v1/incidents", "listIncidents", "Incidents, newest first", typeof(Page<IncidentEvent>))
        {
            Query =
            [
                new("entity", "All entities when absent"),
                new("status", "open, acknowledged, resolved; several separated by commas; all when absent"),
                ProxyParameter.Cursor, ProxyParameter.Limit(500, 100),
            ],
        },
        new("GET", "/api/incidents/{id}", Apps.History, "/v1/incidents/{id}", "findIncident", "One incident in its newest revision", typeof(IncidentEvent)),
        new("POST", "/api/incidents/{id}/acknowledge", Apps.Alerting, "/v1/incidents/{id}/acknowledge", "acknowledgeIncident", "Somebody looks after it", typeof(IncidentEvent)),
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
            Query = [new("kind", "isolation-forest or autoencoder; the configured kind when absent")],
        },
        new("GET", "/api/jobs/{id}", Apps.Trainer, "/v1/jobs/{id}", "findJob", "Progress of a training", typeof(JobEvent)),
    ];
}

/// <summary>A query parameter, for the API document; the service behind judges its value.</summary>
sealed record ProxyParameter(string Name, string Description, string Type = "string", bool Required = false)
{
    public const string Integer = "integer";
    public const string Boolean = "boolean";

    public static readonly ProxyParameter Cursor = new("cursor", "'next' of the page before");

    public static ProxyParameter Limit(int most, int standard) => new("limit", $"1 to {most}, default {standard}", Integer);
}
