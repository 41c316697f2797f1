namespace DevSidecar;

/// <summary>Everything the sidecar says.</summary>
static partial class Log
{
    [LoggerMessage(LogLevel.Debug, "{File}: a {Kind} document of {ApiVersion} is not ours and ignored")]
    public static partial void DocumentIgnored(ILogger logger, string file, string kind, string apiVersion);

    [LoggerMessage(LogLevel.Information, "component {Component} ({Type} {Version}) is loaded")]
    public static partial void ComponentLoaded(ILogger logger, string component, string type, string version);

    [LoggerMessage(LogLevel.Warning, "component {Component} could not be initialised and is left out, as ignoreErrors says: {Reason}")]
    public static partial void ComponentIgnored(ILogger logger, string component, string reason);

    [LoggerMessage(LogLevel.Information, "configuration {Name}: {Section} has no effect in this sidecar")]
    public static partial void ConfigurationSectionIgnored(ILogger logger, string name, string section);

    [LoggerMessage(LogLevel.Error, "the durable log could not be written; publishing fails until there is room")]
    public static partial void LogWriteFailed(ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Error, "topic {Topic} partition {Partition} offset {Offset}: group {Group} gave up after {Retries} retries and skips the message; set a deadLetterTopic to keep such messages")]
    public static partial void RecordSkipped(ILogger logger, string topic, int partition, long offset, string group, int retries);

    [LoggerMessage(LogLevel.Warning, "{Component}: offset {Offset} of topic {Topic} is no cloud event; subscribe with rawPayload to receive it")]
    public static partial void NotACloudEvent(ILogger logger, string component, string topic, long offset);

    [LoggerMessage(LogLevel.Warning, "delivery to {AppId}{Path} failed: {Reason}")]
    public static partial void DeliveryFailed(ILogger logger, string appId, string path, string reason);

    [LoggerMessage(LogLevel.Error, "delivering topic {Topic} to group {Group} failed unexpectedly; the messages are retried")]
    public static partial void DeliveryBroke(ILogger logger, Exception exception, string topic, string group);

    [LoggerMessage(LogLevel.Error, "{AppId}: watching the app failed; it is watched anew")]
    public static partial void MonitorBroke(ILogger logger, Exception exception, string appId);

    [LoggerMessage(LogLevel.Warning, "{AppId}: the message at offset {Offset} of topic {Topic} is dropped: {Reason}")]
    public static partial void MessageDropped(ILogger logger, string appId, string topic, long offset, string reason);

    [LoggerMessage(LogLevel.Warning, "{AppId}: the message at offset {Offset} of topic {Topic} went to dead letter topic {DeadLetterTopic}")]
    public static partial void DeadLettered(ILogger logger, string appId, string topic, long offset, string deadLetterTopic);

    [LoggerMessage(LogLevel.Error, "dead letter topic {DeadLetterTopic} takes no messages, the message is retried instead: {Reason}")]
    public static partial void DeadLetterFailed(ILogger logger, string deadLetterTopic, string reason);

    [LoggerMessage(LogLevel.Warning, "a message of in-memory topic {Topic} was refused by the app and is lost")]
    public static partial void InMemoryMessageLost(ILogger logger, string topic);

    [LoggerMessage(LogLevel.Information, "sidecar of {AppId} ({InstanceId}): HTTP {HttpPort}, gRPC {GrpcPort}, waiting for the app on {AppPort}")]
    public static partial void SidecarStarted(ILogger logger, string appId, string instanceId, int httpPort, int grpcPort, int appPort);

    [LoggerMessage(LogLevel.Information, "{AppId} is ready with {Subscriptions} subscriptions and {ActorTypes} actor types")]
    public static partial void AppReady(ILogger logger, string appId, int subscriptions, int actorTypes);

    [LoggerMessage(LogLevel.Warning, "{AppId} on port {AppPort} is gone; waiting for it to come back")]
    public static partial void AppLost(ILogger logger, string appId, int appPort);

    [LoggerMessage(LogLevel.Error, "{AppId}: {Path} failed with {Reason}; the app gets no subscriptions or actors until it restarts")]
    public static partial void DiscoveryFailed(ILogger logger, string appId, string path, string reason);

    [LoggerMessage(LogLevel.Error, "{AppId}: the subscription to topic {Topic} is left out: {Reason}")]
    public static partial void SubscriptionRefused(ILogger logger, string appId, string topic, string reason);

    [LoggerMessage(LogLevel.Warning, "request {Method} {Path} failed")]
    public static partial void RequestFailed(ILogger logger, Exception exception, string method, string path);

    [LoggerMessage(LogLevel.Warning, "actor {ActorType}/{ActorId}: {Operation} failed: {Reason}")]
    public static partial void ActorCallFailed(ILogger logger, string actorType, string actorId, string operation, string reason);

    [LoggerMessage(LogLevel.Warning, "state store {Store}: removing expired rows failed: {Reason}")]
    public static partial void CleanupFailed(ILogger logger, string store, string reason);

    [LoggerMessage(LogLevel.Warning, "binding {Binding}: this call leaves out {Field}, which an earlier call had set; daprd would reuse the earlier value by mistake, so set it in every call")]
    public static partial void BindingFieldLeftOut(ILogger logger, string binding, string field);

    [LoggerMessage(LogLevel.Information, "{AppId} receives the events of binding {Binding} on {Path}")]
    public static partial void BindingStarted(ILogger logger, string appId, string binding, string path);

    [LoggerMessage(LogLevel.Information, "{AppId} has not subscribed to binding {Binding}: OPTIONS {Path} gave {Reason}")]
    public static partial void BindingNotWanted(ILogger logger, string appId, string binding, string path, string reason);

    [LoggerMessage(LogLevel.Warning, "{AppId}: an event of binding {Binding} was not taken by {Path}: {Reason}")]
    public static partial void BindingEventRefused(ILogger logger, string appId, string binding, string path, string reason);

    [LoggerMessage(LogLevel.Information, "the app asked the sidecar of {AppId} to shut down")]
    public static partial void ShutdownRequested(ILogger logger, string appId);

    [LoggerMessage(LogLevel.Error, "reminder {Reminder} of {Actor} goes on, but its progress could not be stored; free disk space, else it fires once more after a restart")]
    public static partial void ReminderNotStored(ILogger logger, Exception exception, string reminder, string actor);

    [LoggerMessage(LogLevel.Information, "admin page: {Address}")]
    public static partial void AdminStarted(ILogger logger, Uri address);

    [LoggerMessage(LogLevel.Information, "Kafka topic {Topic} is made with {Partitions} partitions")]
    public static partial void KafkaTopicCreated(ILogger logger, string topic, int partitions);

    [LoggerMessage(LogLevel.Information, "Kafka topic {Topic} cannot be made from here, it is left to the broker: {Reason}")]
    public static partial void KafkaTopicNotCreated(ILogger logger, string topic, string reason);

    [LoggerMessage(LogLevel.Warning, "Kafka at {Brokers}: {Reason}; the client goes on by itself when the broker is back")]
    public static partial void KafkaTrouble(ILogger logger, string brokers, string reason);

    [LoggerMessage(LogLevel.Debug, "Kafka client: {Text}")]
    public static partial void KafkaClient(ILogger logger, string text);

    [LoggerMessage(LogLevel.Information, "Kafka topic {Topic}: this replica holds {Partitions} partitions for group {Group}")]
    public static partial void KafkaAssigned(ILogger logger, string topic, string group, int partitions);

    [LoggerMessage(LogLevel.Warning, "Kafka group {Group}: the brokers do not let go of this replica in time; they will notice by its session's end")]
    public static partial void KafkaLeftBehind(ILogger logger, string group);

    [LoggerMessage(LogLevel.Warning, "Kafka group {Group}: not all can be consumed, it is tried again: {Reason}")]
    public static partial void KafkaConsumerBroke(ILogger logger, string group, string reason);
}
