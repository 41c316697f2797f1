using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using DevSidecar.Components;

namespace DevSidecar.Bindings;

/// <summary><c>bindings.http</c>: one request per call. Metadata <c>path</c> is appended; capitalised keys become headers.</summary>
sealed class HttpBinding : IOutputBinding, IDisposable
{
    readonly HttpClient _client;
    readonly string _url;
    readonly bool _errorIfNot2xx;
    readonly (string Name, string Value)? _securityToken;

    public HttpBinding(ComponentMetadata metadata)
    {
        _url = metadata.Required("url");
        if (!Uri.TryCreate(_url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            throw metadata.Error("url", "must be an absolute http or https address");
        }

        _errorIfNot2xx = metadata.Flag("errorIfNot2XX", fallback: true);
        _securityToken = (metadata["securityTokenHeader"], metadata["securityToken"]) is ({ } name, { } value) ? (name, value) : null;
        var handler = new SocketsHttpHandler { UseCookies = false };
        UseCertificates(handler, metadata);
        _client = new(handler) { MaxResponseContentBufferSize = 100 * 1024 * 1024 };
        if (metadata["responseTimeout"] is not null)
        {
            _client.Timeout = metadata.Duration("responseTimeout", TimeSpan.Zero);
        }

        if (metadata["maxResponseBodySize"] is { } size)
        {
            _client.MaxResponseContentBufferSize = ByteSize(size) ?? throw metadata.Error("maxResponseBodySize", $"'{size}' is not a size like 100Mi");
        }
    }

    public IReadOnlyList<string> Operations { get; } = ["create", "get", "head", "post", "put", "patch", "delete", "options", "trace"];

    public async Task<BindingAnswer> InvokeAsync(BindingCall call, CancellationToken cancellationToken)
    {
        var method = call.Operation == "create" ? HttpMethod.Post : new HttpMethod(call.Operation.ToUpperInvariant());
        using var request = new HttpRequestMessage(method, Url(call.Metadata.GetValueOrDefault("path")));
        if (method.Method is not ("GET" or "HEAD" or "OPTIONS" or "TRACE") && (call.Data.Length > 0 || method.Method is "POST" or "PUT" or "PATCH"))
        {
            request.Content = new ReadOnlyMemoryContent(call.Data);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/json; charset=utf-8");
        }

        foreach (var (name, value) in call.Metadata)
        {
            if (name.Length > 0 && char.IsAsciiLetterUpper(name[0]))
            {
                SetHeader(request, name, value);
            }
        }

        if (_securityToken is var (tokenName, token))
        {
            SetHeader(request, tokenName, token);
        }

        try
        {
            using var response = await _client.SendAsync(request, cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            var strict = call.Metadata.TryGetValue("errorIfNot2XX", out var text) ? text.Equals("true", StringComparison.OrdinalIgnoreCase) : _errorIfNot2xx;
            return strict && !response.IsSuccessStatusCode
                ? throw new BindingException($"received status code {(int)response.StatusCode}")
                : new(body, Describe(response));
        }
        catch (HttpRequestException e)
        {
            throw new BindingException($"{method} {new Uri(_url).Authority} failed: {e.Message}", e);
        }
        catch (TaskCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BindingException($"{method} {new Uri(_url).Authority} did not answer within {_client.Timeout.TotalSeconds:0} s", e);
        }
    }

    public void Dispose() => _client.Dispose();

    static Dictionary<string, string> Describe(HttpResponseMessage response)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["statusCode"] = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture),
            ["status"] = $"{(int)response.StatusCode} {response.ReasonPhrase}",
        };
        foreach (var header in response.Headers.Concat(response.Content.Headers))
        {
            metadata[header.Key] = string.Join(", ", header.Value);
        }

        return metadata;
    }

    static void SetHeader(HttpRequestMessage request, string name, string value)
    {
        if (!request.Headers.TryAddWithoutValidation(name, value) && request.Content is { } content)
        {
            content.Headers.Remove(name);
            content.Headers.TryAddWithoutValidation(name, value);
        }
    }

    string Url(string? path)
    {
        if (string.IsNullOrEmpty(path))
        {
            return _url;
        }

        if (path.Contains("..", StringComparison.Ordinal))
        {
            throw new BindingException("the path may not contain '..'");
        }

        return _url.TrimEnd('/') + "/" + path.TrimStart('/');
    }

    static void UseCertificates(SocketsHttpHandler handler, ComponentMetadata metadata)
    {
        if ((metadata["MTLSClientCert"], metadata["MTLSClientKey"]) is ({ } cert, { } key))
        {
            handler.SslOptions.ClientCertificates = [X509Certificate2.CreateFromPem(Pem(cert), Pem(key))];
            handler.SslOptions.EnabledSslProtocols = SslProtocols.None;
        }

        if (metadata["MTLSRootCA"] is { } root)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.ImportFromPem(Pem(root));
            handler.SslOptions.CertificateChainPolicy = policy;
        }
    }

    static string Pem(string pathOrPem) => pathOrPem.Contains("-----BEGIN", StringComparison.Ordinal) ? pathOrPem : File.ReadAllText(pathOrPem);

    static long? ByteSize(string text)
    {
        var digits = text.Length - text.AsSpan().TrimStart("0123456789").Length;
        long? scale = text[digits..] switch
        {
            "" => 1,
            "Ki" => 1L << 10,
            "Mi" => 1L << 20,
            "Gi" => 1L << 30,
            "k" or "K" => 1_000,
            "M" => 1_000_000,
            "G" => 1_000_000_000,
            _ => null,
        };
        return digits > 0 && long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Math.Min(number * scale ?? 0, int.MaxValue) : null;
    }
}
