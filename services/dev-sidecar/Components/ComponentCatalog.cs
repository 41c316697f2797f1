namespace DevSidecar.Components;

/// <summary>
/// The component types this sidecar offers, with every metadata key Dapr documents for them. A key that has no meaning
/// here (a TLS setting of an embedded log, say) is accepted, so that one file serves both; a key Dapr does not know is refused.
/// </summary>
static class ComponentCatalog
{
    const string Kafka =
        "brokers consumerGroup consumerID clientID initialOffset maxMessageBytes consumeRetryInterval consumeRetryEnabled " +
        "heartbeatInterval sessionTimeout version skipVerify disableTls channelBufferSize consumerFetchMin consumerFetchDefault " +
        "clientConnectionTopicMetadataRefreshInterval clientConnectionKeepAliveInterval dialTimeout readTimeout writeTimeout " +
        "metadataTimeout producerRequiredAcks producerRetryMax compression consumerGroupRebalanceStrategy escapeHeaders " +
        "excludeHeaderMetaRegex schemaRegistryURL schemaRegistryAPIKey schemaRegistryAPISecret schemaCachingEnabled " +
        "schemaLatestVersionCacheTTL useAvroJSON authType authRequired saslUsername saslPassword saslMechanism caCert clientCert " +
        "clientKey oidcTokenEndpoint oidcClientID oidcClientSecret oidcScopes oidcExtensions oidcClientAssertionCert " +
        "oidcClientAssertionKey oidcResource oidcAudience awsRegion awsAccessKey awsSecretKey awsSessionToken awsIamRoleArn " +
        "awsStsSessionName region accessKey secretKey sessionToken assumeRoleArn assumeRoleSessionName " + BackOff;

    const string BackOff =
        "backOffPolicy backOffDuration backOffInitialInterval backOffMaxInterval backOffMaxRetries backOffMultiplier " +
        "backOffRandomizationFactor backOffMaxElapsedTime";

    const string Postgres =
        "connectionString url host hostaddr port database user password sslRootCert timeout timeoutInSeconds " +
        "metadataTableName cleanupInterval cleanupIntervalInSeconds maxConns connectionMaxIdleTime queryExecMode useAzureAD useAWSIAM " +
        "azureTenantId azureClientId azureClientSecret awsRegion awsAccessKey awsSecretKey awsSessionToken actorStateStore keyPrefix ";

    const string PubSubCommon = " publishingScopes subscriptionScopes allowedTopics protectedTopics ttlInSeconds";

    static readonly Dictionary<string, ComponentType> Types = new[]
    {
        New("pubsub.kafka", "v1", Kafka + PubSubCommon),
        New("pubsub.in-memory", "v1", PubSubCommon),
        New("state.in-memory", "v1", "actorStateStore keyPrefix"),
        New("state.postgresql", "v1", Postgres + "tableName"),
        New("state.postgresql", "v2", Postgres + "tablePrefix"),
        New("bindings.cron", "v1", "schedule route direction"),
        New("bindings.smtp", "v1", "host port user password skipTLSVerify emailFrom emailTo emailCC emailBCC subject priority direction"),
        New("bindings.http", "v1",
            "url responseTimeout maxResponseBodySize MTLSRootCA MTLSClientCert MTLSClientKey MTLSRenegotiation securityToken " +
            "securityTokenHeader errorIfNot2XX direction"),
        New("bindings.kafka", "v1", Kafka + " topics publishTopic route direction"),
        New("bindings.localstorage", "v1", "rootPath direction"),
        New("secretstores.local.env", "v1", "prefix"),
        New("secretstores.local.file", "v1", "secretsFile nestedSeparator multiValued"),
    }.ToDictionary(t => t.Type + "/" + t.Version, StringComparer.Ordinal);

    public static IEnumerable<ComponentType> All => Types.Values;

    /// <summary>Stops with a message that names file, component and key unless type, version and every key are known.</summary>
    public static void Check(ComponentDefinition component)
    {
        var where = $"component '{component.Name}' in {component.File}";
        if (!Types.TryGetValue(Canonical(component.Type) + "/" + component.Version, out var known))
        {
            var versions = Types.Values.Where(t => t.Type == Canonical(component.Type)).Select(t => t.Version).ToArray();
            throw new SidecarConfigurationException(versions.Length > 0
                ? $"{where}: version '{component.Version}' of {component.Type} is unknown. Use {string.Join(" or ", versions)}."
                : $"{where}: type '{component.Type}' is unknown to this sidecar. Known types: {string.Join(", ", Types.Values.Select(t => t.Type).Distinct(StringComparer.Ordinal))}.");
        }

        foreach (var entry in component.Metadata)
        {
            if (!known.Keys.Contains(entry.Name))
            {
                throw new SidecarConfigurationException(
                    $"{where}: metadata key '{entry.Name}' is unknown for {component.Type} {component.Version}. Correct or remove it.");
            }
        }
    }

    /// <summary>Dapr's alias state.postgres means state.postgresql.</summary>
    public static string Canonical(string type) => type == "state.postgres" ? "state.postgresql" : type;

    static ComponentType New(string type, string version, string keys) => new(
        type, version, keys.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.OrdinalIgnoreCase));
}

sealed record ComponentType(string Type, string Version, IReadOnlySet<string> Keys);
