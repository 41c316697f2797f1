using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Forewarn.Compliance;

/// <summary>
/// What brokers in production have and the mock broker has not, in front of it: TLS, client certificates and SASL PLAIN.
/// </summary>
sealed class SecureProxy : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stop = new();
    readonly X509Certificate2 _certificate;
    readonly int _target;
    readonly Task _run;

    public SecureProxy(int target)
    {
        _target = target;
        Authority = Certificate("authority", issuer: null);
        _certificate = Certificate("broker", Authority);
        _listener.Start();
        _run = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Signs the broker's certificate, and is the only one whose client certificates are taken.</summary>
    public X509Certificate2 Authority { get; }

    public bool AsksForCertificate { get; init; }

    /// <summary>User and password; null = nobody is asked.</summary>
    public (string User, string Password)? Login { get; init; }

    public static X509Certificate2 Certificate(string name, X509Certificate2? issuer)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        var (from, to) = (now.AddDays(-1), now.AddDays(1));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(issuer is null, false, 0, true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        if (issuer is null)
        {
            return request.CreateSelfSigned(from, to);
        }

        using var signed = request.Create(issuer, from.AddHours(1), to.AddHours(-1), RandomNumberGenerator.GetBytes(8));
        using var whole = signed.CopyWithPrivateKey(key);
        // TLS wants keys that are not ephemeral on some platforms.
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _run;
        _certificate.Dispose();
        Authority.Dispose();
        _stop.Dispose();
    }

    async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                await using var front = new SslStream(client.GetStream());
                await front.AuthenticateAsServerAsync(
                    new SslServerAuthenticationOptions
                    {
                        ServerCertificate = _certificate,
                        ClientCertificateRequired = AsksForCertificate,
                        RemoteCertificateValidationCallback = (_, certificate, _, _) => !AsksForCertificate || certificate?.Issuer == Authority.Subject,
                    },
                    _stop.Token);
                using var back = new TcpClient();
                await back.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
                await using var broker = back.GetStream();
                if (Login is { } login && !await new SaslGate(front, broker, _stop.Token).PassAsync(login.User, login.Password))
                {
                    return;
                }

                await Task.WhenAny(front.CopyToAsync(broker, _stop.Token), broker.CopyToAsync(front, _stop.Token));
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
            // The client does not trust this proxy, is not trusted, or is gone: the test sees what becomes of it.
        }
    }
}
