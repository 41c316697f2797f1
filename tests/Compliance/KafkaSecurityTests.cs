using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Dapr;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Forewarn.Compliance;

/// <summary>Dapr's <c>authType</c> profiles against a broker behind TLS.</summary>
public sealed class KafkaSecurityTests
{
    [Fact]
    public async Task A_broker_whose_authority_is_given_is_used()
    {
        await using var rig = await Rig.StartAsync();
        await rig.ShouldWorkAsync(("authType", "certificate"), ("caCert", rig.Authority));
    }

    [Fact]
    public async Task A_broker_nobody_vouches_for_is_refused_unless_nobody_asks()
    {
        await using var rig = await Rig.StartAsync();
        using var stranger = SecureProxy.Certificate("stranger", issuer: null);
        (await rig.ShouldFailAsync(("authType", "certificate"), ("caCert", stranger.ExportCertificatePem()))).ShouldContain("certificate verify failed");
        await rig.ShouldWorkAsync(("authType", "certificate"), ("caCert", stranger.ExportCertificatePem()), ("skipVerify", "true"));
    }

    [Fact]
    public async Task Mtls_shows_the_client_certificate()
    {
        await using var rig = await Rig.StartAsync(asksForCertificate: true);
        using var own = SecureProxy.Certificate("app", rig.Proxy.Authority);
        using var key = own.GetRSAPrivateKey()!;
        await rig.ShouldWorkAsync(("authType", "mtls"), ("caCert", rig.Authority), ("clientCert", own.ExportCertificatePem()), ("clientKey", key.ExportPkcs8PrivateKeyPem()));
        await rig.ShouldFailAsync(("authType", "certificate"), ("caCert", rig.Authority));
    }

    [Fact]
    public async Task A_password_is_shown_to_the_broker_and_to_nobody_else()
    {
        await using var rig = await Rig.StartAsync(login: ("ann", "s3cret"));
        await rig.ShouldWorkAsync(("authType", "password"), ("caCert", rig.Authority), ("saslUsername", "ann"), ("saslPassword", "s3cret"));
        var error = await rig.ShouldFailAsync(("authType", "password"), ("caCert", rig.Authority), ("saslUsername", "ann"), ("saslPassword", "wr0ng"));
        error.ShouldContain("SASL authentication error: no");
        error.ShouldNotContain("wr0ng");
    }

    /// <summary>A mock broker behind a proxy; its clients are only told of the proxy.</summary>
    sealed class Rig : IAsyncDisposable
    {
        readonly KafkaFixture _kafka = new();
        readonly string _topic = $"secure-{Guid.NewGuid():N}";

        public SecureProxy Proxy { get; private set; } = null!;

        public string Authority => Proxy.Authority.ExportCertificatePem();

        public static async Task<Rig> StartAsync(bool asksForCertificate = false, (string, string)? login = null)
        {
            var rig = new Rig();
            await rig._kafka.InitializeAsync();
            Assert.SkipUnless(rig._kafka.IsMock, "a real broker cannot be told to name the proxy");
            rig.Proxy = new(int.Parse(rig._kafka.Brokers.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture)) { AsksForCertificate = asksForCertificate, Login = login };
            await rig._kafka.AdvertiseAsync(rig.Proxy.Port);
            await rig._kafka.CreateTopicAsync(rig._topic, 4);
            return rig;
        }

        public async Task ShouldWorkAsync(params (string Name, string Value)[] metadata)
        {
            var seen = new ConcurrentQueue<int>();
            await using var app = await ProbeApp.StartAsync((_, a) =>
            {
                a.UseCloudEvents();
                a.MapSubscribeHandler();
                a.MapPost("/t", async (HttpContext c) => seen.Enqueue(await c.Request.ReadFromJsonAsync<int>())).WithTopic("ps", _topic);
            });
            await using var world = await World.StartAsync(Yaml(metadata));
            var client = world.Client(await world.AddAsync("app-" + _topic, app));
            await client.PublishEventAsync("ps", _topic, 7);
            await Eventually.TrueAsync(() => seen.Contains(7), "it arrives");
        }

        public async Task<string> ShouldFailAsync(params (string Name, string Value)[] metadata)
        {
            await using var world = await World.StartAsync(Yaml([("writeTimeout", "1s"), ("metadataTimeout", "500ms"), .. metadata]));
            var client = world.Client(await world.AddClientAsync());
            return (await Should.ThrowAsync<DaprException>(() => client.PublishEventAsync("ps", _topic, 7))).ToString();
        }

        public async ValueTask DisposeAsync()
        {
            await Proxy.DisposeAsync();
            await _kafka.DisposeAsync();
        }

        string Yaml((string Name, string Value)[] metadata) => Components.Component(
            "ps", "pubsub.kafka/v1", [("brokers", $"127.0.0.1:{Proxy.Port}"), ("initialOffset", "oldest"), .. Components.QuickGroup, .. metadata]);
    }
}
