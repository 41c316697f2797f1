using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DevSidecar.Apps;

/// <summary>HTTP/1.1 from the sidecar to its app, with the app's token. Never proxied, never redirected, never traced anew.</summary>
sealed class AppChannel : IDisposable
{
    readonly HttpMessageInvoker _client;
    readonly string? _token;

    public AppChannel(int port, string? token)
    {
        Port = port;
        Origin = $"http://127.0.0.1:{port}";
        _token = token;
        _client = new(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            // Metadata become headers, and keys and values are not ASCII everywhere.
            RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60),
            ConnectTimeout = TimeSpan.FromSeconds(5),
        });
    }

    public int Port { get; }

    public string Origin { get; }

    /// <summary>Sends; the response's body has not been read yet.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (_token is not null)
        {
            request.Headers.Remove("dapr-api-token");
            request.Headers.TryAddWithoutValidation("dapr-api-token", _token);
        }

        return await _client.SendAsync(request, cancellationToken);
    }

    /// <summary>GET of a small document.</summary>
    public async Task<(HttpStatusCode Status, byte[] Body)> GetAsync(string path, string appId, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Origin + path);
        request.Headers.TryAddWithoutValidation("dapr-app-id", appId);
        using var response = await SendAsync(request, cancellationToken);
        return (response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellationToken));
    }

    /// <summary>Opens a connection, or null when nobody listens.</summary>
    public async Task<TcpClient?> TryConnectAsync(CancellationToken cancellationToken)
    {
        var client = new TcpClient();
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(TimeSpan.FromMilliseconds(500));
            await client.ConnectAsync(IPAddress.Loopback, Port, limit.Token);
            return client;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            client.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
    }

    public void Dispose() => _client.Dispose();
}
