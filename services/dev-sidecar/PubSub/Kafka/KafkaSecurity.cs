using System.Globalization;
using Confluent.Kafka;
using DevSidecar.Components;

namespace DevSidecar.PubSub.Kafka;

/// <summary>
/// Dapr's <c>authType</c> profiles. As in Dapr, TLS is on for every profile but <c>none</c> unless <c>disableTls</c> says otherwise,
/// and certificates are given as PEM text.
/// </summary>
static class KafkaSecurity
{
    public static void Apply(ComponentMetadata metadata, ClientConfig config)
    {
        var profile = Profile(metadata);
        var tls = profile != "none" && !metadata.Flag("disableTls");
        var sasl = profile == "password";
        config.SecurityProtocol = (tls, sasl) switch
        {
            (true, true) => SecurityProtocol.SaslSsl,
            (true, false) => SecurityProtocol.Ssl,
            (false, true) => SecurityProtocol.SaslPlaintext,
            (false, false) => SecurityProtocol.Plaintext,
        };
        if (sasl)
        {
            UsePassword(metadata, config);
        }

        if (tls)
        {
            UseCertificates(metadata, config, profile);
        }
        else if (profile == "mtls")
        {
            throw metadata.Error("disableTls", "must be false with authType mtls");
        }
    }

    /// <summary>Dapr's older <c>authRequired</c> still decides where <c>authType</c> is missing.</summary>
    static string Profile(ComponentMetadata metadata)
    {
        if (metadata["authType"] is null && metadata["authRequired"] is not null)
        {
            return !metadata.Flag("authRequired") ? "none" : metadata["saslPassword"] is null ? "mtls" : "password";
        }

        var profile = metadata.Required("authType").ToLower(CultureInfo.InvariantCulture);
        return profile switch
        {
            "none" or "password" or "mtls" or "certificate" => profile,
            _ => throw metadata.Error("authType", $"must be none, password, mtls or certificate here; '{profile}' needs daprd"),
        };
    }

    static void UsePassword(ComponentMetadata metadata, ClientConfig config)
    {
        config.SaslUsername = metadata.Required("saslUsername");
        config.SaslPassword = metadata.Required("saslPassword");
        config.SaslMechanism = metadata["saslMechanism"] switch
        {
            null or "PLAINTEXT" or "PLAIN" => SaslMechanism.Plain,
            "SHA-256" => SaslMechanism.ScramSha256,
            "SHA-512" => SaslMechanism.ScramSha512,
            var other => throw metadata.Error("saslMechanism", $"must be PLAINTEXT, SHA-256 or SHA-512, not '{other}'"),
        };
    }

    static void UseCertificates(ComponentMetadata metadata, ClientConfig config, string profile)
    {
        config.EnableSslCertificateVerification = !metadata.Flag("skipVerify");
        config.SslCaPem = profile == "certificate" ? Pem("caCert", required: true) : Pem("caCert");
        if (profile == "mtls")
        {
            config.SslCertificatePem = Pem("clientCert", required: true);
            config.SslKeyPem = Pem("clientKey", required: true);
        }

        string? Pem(string key, bool required = false)
        {
            var text = required ? metadata.Required(key) : metadata[key];
            return text is null || text.Contains("-----BEGIN", StringComparison.Ordinal)
                ? text
                : throw metadata.Error(key, "must be PEM text (-----BEGIN ...)");
        }
    }
}
