using DevSidecar.Components;
using Microsoft.Extensions.Logging.Abstractions;

namespace DevSidecar.Tests;

public sealed class ResourceTests
{
    [Theory]
    [InlineData("pubsub.rabbitmq", "v1", "host", "type 'pubsub.rabbitmq'")]
    [InlineData("state.postgresql", "v9", "host", "version 'v9'")]
    [InlineData("state.postgresql", "v2", "tableName", "'tableName'")]
    [InlineData("pubsub.kafka", "v1", "brokerz", "'brokerz'")]
    public void An_unknown_type_version_or_key_names_file_and_component(string type, string version, string key, string named)
    {
        var error = Should.Throw<SidecarConfigurationException>(() => Load($$"""
            apiVersion: dapr.io/v1alpha1
            kind: Component
            metadata: { name: mine }
            spec: { type: {{type}}, version: {{version}}, metadata: [ { name: {{key}}, value: x } ] }
            """).ToList());
        error.Message.ShouldContain("'mine'");
        error.Message.ShouldContain("file.yaml");
        error.Message.ShouldContain(named);
    }

    [Fact]
    public void Documents_of_others_are_ignored_and_unknown_kinds_of_dapr_are_not()
    {
        Load("apiVersion: example.org/v1\nkind: Topics\nmetadata: { name: t }").ShouldBeEmpty();
        Should.Throw<SidecarConfigurationException>(() => Load("apiVersion: dapr.io/v1alpha1\nkind: HTTPEndpoint\nmetadata: { name: t }")).Message.ShouldContain("HTTPEndpoint");
    }

    [Fact]
    public void Metadata_come_from_values_environment_secrets_and_templates()
    {
        var component = Load("""
            apiVersion: dapr.io/v1alpha1
            kind: Component
            metadata: { name: k, namespace: prod }
            spec:
              type: pubsub.kafka
              version: v1
              metadata:
              - { name: Brokers, envRef: KAFKA }
              - { name: consumerGroup, value: "{appID}-{uuid}" }
              - { name: saslPassword, secretKeyRef: { name: pw, key: inner } }
            auth: { secretStore: s }
            """).Single();
        var resolver = new MetadataResolver(
            new Dictionary<string, string> { ["KAFKA"] = "b:1" },
            (store, name, key) => (store, name, key) == ("s", "pw", "inner") ? "secret" : null);
        var metadata = resolver.Resolve(component, new("app", "id-1", "prod"));
        metadata["brokers"].ShouldBe("b:1");
        metadata["consumerGroup"].ShouldBe("app-id-1");
        metadata["saslpassword"].ShouldBe("secret");
        new MetadataResolver(new Dictionary<string, string>(), (_, _, _) => "x").Resolve(component, null)["brokers"].ShouldBeNull();
    }

    [Theory]
    [InlineData("DAPR_API_TOKEN")]
    [InlineData("APP_API_TOKEN")]
    public void Tokens_are_not_readable_through_envRef(string variable)
    {
        var component = Load($$"""
            apiVersion: dapr.io/v1alpha1
            kind: Component
            metadata: { name: k }
            spec: { type: pubsub.kafka, version: v1, metadata: [ { name: brokers, envRef: {{variable}} } ] }
            """).Single();
        Should.Throw<SidecarConfigurationException>(() => new MetadataResolver(new Dictionary<string, string>(), (_, _, _) => null).Resolve(component, null));
    }

    [Theory]
    [InlineData("5s", 5000)]
    [InlineData("1m30s", 90_000)]
    [InlineData("0h0m1s250ms", 1250)]
    [InlineData("-2s", -2000)]
    public void Durations_are_read_as_Go_writes_them(string text, int milliseconds)
    {
        GoDuration.TryParse(text, out var value).ShouldBeTrue();
        value.TotalMilliseconds.ShouldBe(milliseconds);
    }

    static IEnumerable<ComponentDefinition> Load(string yaml) =>
        ResourceLoader.Parse("file.yaml", yaml, NullLogger.Instance).ToList().Select(ResourceLoader.Component);
}
