namespace Forewarn.Contracts;

/// <summary>Names of the topics, once. <c>components/topics.yaml</c> lists the same names with their partitions; a test compares both.</summary>
public static class Topics
{
    /// <summary>Anyone may publish here without an envelope; the JSON door's schema applies.</summary>
    public const string MetricsExternal = "metrics.external";
    public const string MetricsRaw = "metrics.raw";
    public const string MetricsFeatures = "metrics.features";
    public const string Predictions = "predictions";
    public const string Detections = "detections";
    public const string Incidents = "incidents";
    public const string Models = "models";
    public const string Jobs = "jobs";
    public const string Control = "control";
    public const string Feedback = "feedback";

    /// <summary>Where a message goes that cannot be processed: original bytes, with the reason.</summary>
    public static string Dead(string topic) => topic + ".dead";
}

/// <summary>Names of the Dapr components in <c>components/</c>.</summary>
public static class Components
{
    /// <summary>Pub/sub for the measured stream: raw, features, predictions.</summary>
    public const string Telemetry = "telemetry";

    /// <summary>Pub/sub for what people must hear: detections, incidents, feedback. Apart from telemetry, so that volume never delays an alert.</summary>
    public const string Alerts = "alerts";

    /// <summary>Pub/sub in which every replica is its own consumer group and starts at the newest message.</summary>
    public const string Broadcast = "broadcast";

    /// <summary>State of one app (keys are prefixed with the app id); also the actor store.</summary>
    public const string State = "statestore";

    /// <summary>State shared by all apps, content-addressed and immutable: series schemas by hash.</summary>
    public const string Schemas = "schemas";

    /// <summary>State shared by all apps: the <see cref="EntityCard"/> of each entity, written by ingestion.</summary>
    public const string Entities = "entities";

    /// <summary>Output binding to the model files.</summary>
    public const string ModelStore = "model-store";

    /// <summary>Input binding that tells the trainer when to train; also the route it calls.</summary>
    public const string TrainSchedule = "train-schedule";

    /// <summary>Output binding to a mail server.</summary>
    public const string Email = "email";

    /// <summary>Output binding to Slack's Web API, with a bot's token.</summary>
    public const string Slack = "slack";

    /// <summary>Output binding to an incoming webhook of Slack.</summary>
    public const string SlackWebhook = "slack-webhook";

    /// <summary>Output binding to whoever takes notifications as JSON over HTTP.</summary>
    public const string Webhook = "webhook";

    /// <summary>Output binding to an Alertmanager.</summary>
    public const string Alertmanager = "alertmanager";
}

/// <summary>Dapr app ids; equal to the folder names under <c>services/</c>.</summary>
public static class Apps
{
    public const string Ingestion = "ingestion";
    public const string StreamProcessor = "stream-processor";
    public const string Predictor = "predictor";
    public const string Alerting = "alerting";
    public const string Trainer = "trainer";
    public const string History = "history";
    public const string Gateway = "gateway";
}
