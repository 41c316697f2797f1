namespace Forewarn.Launcher.Docs;

/// <summary>Variables that are read elsewhere than in a service's options: by the launcher, the components and the service host.</summary>
static class PlatformSettings
{
    /// <summary>Nightly, and not at the hour when everything else on a machine is.</summary>
    public const string TrainSchedule = "17 3 * * *";

    /// <summary>
    /// What the notification components need to load where nobody is told by them. The discard port takes nothing, so that a receiver
    /// without its settings shows as not delivered.
    /// </summary>
    public static IReadOnlyDictionary<string, string> NotificationDefaults { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["FOREWARN_SMTP_HOST"] = "127.0.0.1",
        ["FOREWARN_SMTP_PORT"] = "25",
        ["FOREWARN_SLACK_API"] = "https://slack.com/api",
        ["FOREWARN_SLACK_WEBHOOK"] = "http://127.0.0.1:9",
        ["FOREWARN_WEBHOOK_URL"] = "http://127.0.0.1:9",
        ["FOREWARN_ALERTMANAGER_URL"] = "http://127.0.0.1:9",
    };

    public static SettingGroup Group { get; } = new(
        "Platform", "launcher, components/, every service", "Variables that belong to no single service. None is needed for `./forewarn up`.",
        [
            new("ConnectionStrings__Forewarn", "text", "", "", "PostgreSQL to use, in .NET form (`Host=...;Username=...;Password=...;Database=...`). Unset: `./forewarn` runs a private one."),
            new("FOREWARN_STATE_CONNECTION", "text", "", "", "The same server for Dapr's state components, in their form (`host=... user=... password=... dbname=...`). Unset: made from the line above."),
            new("FOREWARN_MODEL_STORE", "folder", ".forewarn/models", "", "Where the component `model-store` keeps model files."),
            new(
                "FOREWARN_TRAIN_SCHEDULE", "text", TrainSchedule, "",
                "When a training starts by itself (component `train-schedule`): five or six cron fields in the machine's time zone (`CRON_TZ=Europe/Berlin 30 3 * * *` for another), `@daily`, or `@every 12h`."),
            new("FOREWARN_SMTP_HOST", "text", NotificationDefaults["FOREWARN_SMTP_HOST"], "", "Mail server of the component `email`."),
            new("FOREWARN_SMTP_PORT", "number", NotificationDefaults["FOREWARN_SMTP_PORT"], "1 to 65535", "Its port; 465 speaks TLS from the first byte, others turn to it where the server offers it."),
            new("FOREWARN_SMTP_USER", "text", "", "", "Name to sign in there with; needs the password too."),
            new("FOREWARN_SMTP_PASSWORD", "secret", "", "", "Password to sign in there with."),
            new("FOREWARN_SLACK_API", "address", NotificationDefaults["FOREWARN_SLACK_API"], "", "Slack's Web API, for the component `slack`."),
            new("FOREWARN_SLACK_AUTHORIZATION", "secret", "", "", "What the component `slack` signs in with: `Bearer xoxb-...`, a bot token with the scope `chat:write`."),
            new("FOREWARN_SLACK_WEBHOOK", "secret", NotificationDefaults["FOREWARN_SLACK_WEBHOOK"], "", "Incoming webhook of the component `slack-webhook`: `https://hooks.slack.com/services/...`."),
            new("FOREWARN_WEBHOOK_URL", "address", NotificationDefaults["FOREWARN_WEBHOOK_URL"], "", "Where the component `webhook` sends notifications as JSON."),
            new("FOREWARN_ALERTMANAGER_URL", "address", NotificationDefaults["FOREWARN_ALERTMANAGER_URL"], "", "Alertmanager of the component `alertmanager`: `http://alertmanager:9093`."),
            new("KAFKA_BROKERS", "list", "", "", "Kafka, as `host:port,host:port`. Unset: the embedded sidecar keeps a durable log of its own."),
            new("DAPR_API_TOKEN", "secret", "", "", "What apps must send to their sidecar. Unset: `./forewarn up` draws one for each run."),
            new("APP_API_TOKEN", "secret", "", "", "What sidecars send to their app, which accepts nothing else. Unset: `./forewarn up` draws one for each run."),
            new("HEALTH_PORT", "number", "", "1 to 65535", "Port on which a service answers `/healthz/live` and `/healthz/ready` to everyone, and nothing else but `/metrics` where that is on: for an orchestrator's probes. Unset: only the app port does, on loopback."),
            new("OTEL_EXPORTER_OTLP_ENDPOINT", "address", "", "", "Where the platform's own metrics and traces go: a collector, or Prometheus 3 at `http://host:9090/api/v1/otlp`, which takes metrics alone. Unset: nowhere, and nothing is collected."),
            new("OTEL_METRICS_EXPORTER", "list of otlp, prometheus, none", "otlp", "", "How the platform's own metrics leave: `prometheus` answers `/metrics` on each service's app port and `HEALTH_PORT`; `otlp` sends them to the line above, if it is set."),
            new("OTEL_EXPORTER_OTLP_PROTOCOL", "one of grpc, http/protobuf", "grpc", "", "How they go there. Prometheus takes `http/protobuf`."),
            new("OTEL_TRACES_SAMPLER", "text", "parentbased_always_on", "", "Which traces are collected, as OpenTelemetry defines it; `always_off` where nobody takes them."),
            new("FOREWARN_API_KEY", "secret", "", "", "API key that `./forewarn simulate` and `drill` send, where ingestion asks for one."),
            new("FOREWARN_TEST_POSTGRES", "text", "", "", "Server on which tests and `bench history` may create databases, in .NET form. Unset: `./forewarn` runs one for the time being."),
            new("FOREWARN_SKIP_BUILD", "text", "", "", "Set to anything, `./forewarn` runs what is built without looking for changes."),
            new("Logging__LogLevel__Default", "one of Trace, Debug, Information, Warning, Error, Critical, None", "Information", "", "How much every service logs."),
        ]);
}
