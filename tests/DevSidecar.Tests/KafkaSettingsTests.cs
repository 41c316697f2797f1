using Confluent.Kafka;
using DevSidecar.Components;
using DevSidecar.PubSub.Kafka;

namespace DevSidecar.Tests;

public sealed class KafkaSettingsTests
{
    const string Pem = "-----BEGIN CERTIFICATE-----";

    [Fact]
    public void Defaults_are_those_of_Dapr()
    {
        var settings = Settings(("authType", "none"));
        var producer = settings.Producer();
        producer.Acks.ShouldBe(Acks.All);
        producer.EnableIdempotence.ShouldBe(true);
        producer.MessageSendMaxRetries.ShouldBe(5);
        producer.MessageMaxBytes.ShouldBe(1024 * 1024);
        producer.SecurityProtocol.ShouldBe(SecurityProtocol.Plaintext);
        var consumer = settings.Consumer("g", newest: true);
        consumer.GroupId.ShouldBe("g");
        consumer.AutoOffsetReset.ShouldBe(AutoOffsetReset.Latest);
        consumer.SessionTimeoutMs.ShouldBe(10_000);
        consumer.HeartbeatIntervalMs.ShouldBe(3_000);
        consumer.PartitionAssignmentStrategy.ShouldBe(PartitionAssignmentStrategy.Range);
        consumer.EnableAutoOffsetStore.ShouldBe(false);
    }

    [Fact]
    public void Settings_reach_the_client()
    {
        var settings = Settings(
            ("authType", "none"), ("clientID", "me"), ("producerRetryMax", "9"), ("maxMessageBytes", "4194304"), ("compression", "zstd"),
            ("producerRequiredAcks", "1"), ("sessionTimeout", "20s"), ("heartbeatInterval", "500ms"), ("consumerFetchMin", "7"), ("consumerFetchDefault", "2048"));
        var producer = settings.Producer();
        producer.ClientId.ShouldBe("me");
        producer.Acks.ShouldBe(Acks.Leader);
        producer.EnableIdempotence.ShouldBe(false);
        producer.MessageSendMaxRetries.ShouldBe(9);
        producer.MessageMaxBytes.ShouldBe(4_194_304);
        producer.CompressionType.ShouldBe(CompressionType.Zstd);
        var consumer = settings.Consumer("g", newest: false);
        consumer.AutoOffsetReset.ShouldBe(AutoOffsetReset.Earliest);
        consumer.SessionTimeoutMs.ShouldBe(20_000);
        consumer.HeartbeatIntervalMs.ShouldBe(500);
        consumer.FetchMinBytes.ShouldBe(7);
        consumer.MaxPartitionFetchBytes.ShouldBe(2048);
    }

    [Theory]
    [InlineData("PLAINTEXT", false, SaslMechanism.Plain, SecurityProtocol.SaslSsl)]
    [InlineData("SHA-256", false, SaslMechanism.ScramSha256, SecurityProtocol.SaslSsl)]
    [InlineData("SHA-512", true, SaslMechanism.ScramSha512, SecurityProtocol.SaslPlaintext)]
    public void Passwords_go_over_tls_unless_it_is_off(string mechanism, bool disableTls, SaslMechanism expected, SecurityProtocol protocol)
    {
        var producer = Settings(
            ("authType", "password"), ("saslUsername", "u"), ("saslPassword", "p"), ("saslMechanism", mechanism),
            ("disableTls", disableTls ? "true" : "false"), ("skipVerify", "true")).Producer();
        producer.SaslMechanism.ShouldBe(expected);
        producer.SaslUsername.ShouldBe("u");
        producer.SaslPassword.ShouldBe("p");
        producer.SecurityProtocol.ShouldBe(protocol);
        producer.EnableSslCertificateVerification.ShouldBe(disableTls ? null : false);
    }

    [Fact]
    public void Certificates_are_handed_on()
    {
        var producer = Settings(("authType", "mtls"), ("caCert", Pem), ("clientCert", Pem + "1"), ("clientKey", Pem + "2")).Producer();
        producer.SecurityProtocol.ShouldBe(SecurityProtocol.Ssl);
        producer.SslCaPem.ShouldBe(Pem);
        producer.SslCertificatePem.ShouldBe(Pem + "1");
        producer.SslKeyPem.ShouldBe(Pem + "2");
        Settings(("authType", "certificate"), ("caCert", Pem)).Producer().SecurityProtocol.ShouldBe(SecurityProtocol.Ssl);
    }

    [Theory]
    [InlineData("authType", "awsiam")]
    [InlineData("authType", "oidc")]
    [InlineData("authType", "certificate", "caCert")]
    [InlineData("authType", "password", "saslUsername")]
    [InlineData("authType", "mtls", "clientCert")]
    [InlineData("schemaRegistryURL", "http://127.0.0.1")]
    [InlineData("useAvroJSON", "true")]
    [InlineData("consumerGroupRebalanceStrategy", "sticky")]
    [InlineData("backOffMaxElapsedTime", "5m")]
    [InlineData("compression", "rar")]
    [InlineData("producerRequiredAcks", "2")]
    [InlineData("excludeHeaderMetaRegex", "(")]
    [InlineData("caCert", "/a/path")]
    public void What_cannot_be_honoured_stops_the_start_and_is_named(string key, string value, string? named = null)
    {
        (string, string)[] metadata = key == "authType" ? [(key, value)]
            : key == "caCert" ? [("authType", "certificate"), (key, value)]
            : [("authType", "none"), (key, value)];
        var error = Should.Throw<SidecarConfigurationException>(() => Settings(metadata));
        error.Message.ShouldContain($"'{named ?? key}'");
        error.Message.ShouldContain("'k'");
    }

    [Fact]
    public void The_older_authRequired_still_decides()
    {
        Settings(("authRequired", "false")).Producer().SecurityProtocol.ShouldBe(SecurityProtocol.Plaintext);
        Settings(("authRequired", "true"), ("saslUsername", "u"), ("saslPassword", "p")).Producer().SaslMechanism.ShouldBe(SaslMechanism.Plain);
        Should.Throw<SidecarConfigurationException>(() => Settings()).Message.ShouldContain("'authType'");
    }

    static KafkaSettings Settings(params (string Name, string Value)[] metadata)
    {
        var definition = new ComponentDefinition
        {
            File = "file.yaml",
            Name = "k",
            Namespace = "default",
            Type = "pubsub.kafka",
            Version = "v1",
            Metadata = [],
            Scopes = [],
        };
        return new(new(definition, metadata.Append(("brokers", "127.0.0.1:1")).ToDictionary(m => m.Item1, m => m.Item2, StringComparer.OrdinalIgnoreCase)));
    }
}
