using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Forewarn.Hosting;

/// <summary>Calls another service through Dapr invocation.</summary>
public sealed class ServiceInvoker(HttpClient http)
{
    /// <summary>GET <paramref name="path"/> of <paramref name="appId"/>; null on 404.</summary>
    /// <exception cref="HttpRequestException">The service does not answer or refuses.</exception>
    public async Task<T?> GetAsync<T>(string appId, string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        using var response = await http.GetAsync(Address(appId, path), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return null;
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        return await JsonSerializer.DeserializeAsync(body, type, cancellationToken);
    }

    /// <summary>POST with a JSON body of known length, which Dapr can retry; a chunked one it cannot.</summary>
    public async Task<HttpResponseMessage> PostAsync<T>(string appId, string path, T body, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, type));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return await http.PostAsync(Address(appId, path), content, cancellationToken);
    }

    /// <summary>The plain request, for callers that stream.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string appId, string path, CancellationToken cancellationToken)
    {
        request.RequestUri = Address(appId, path);
        return http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    static Uri Address(string appId, string path) => new($"v1.0/invoke/{appId}/method/{path.TrimStart('/')}", UriKind.Relative);
}
