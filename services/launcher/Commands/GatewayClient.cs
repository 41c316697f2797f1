using System.Text.Json;

namespace Forewarn.Launcher.Commands;

/// <summary>The gateway's API, read without knowing more of it than is shown.</summary>
sealed class GatewayClient(string dashboard) : IDisposable
{
    readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(dashboard), Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>Null when it does not answer with a JSON object.</summary>
    public async Task<JsonElement?> TryGetAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await _http.GetFromJsonAsync<JsonElement>(path, cancellationToken);
            return answer.ValueKind == JsonValueKind.Object ? answer : null;
        }
        catch (Exception silent) when (silent is HttpRequestException or JsonException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <exception cref="LauncherException">It refuses or does not answer.</exception>
    public Task<JsonElement> PostAsync(string path, CancellationToken cancellationToken) => PostAsync(path, "{}", cancellationToken);

    /// <exception cref="LauncherException">It refuses or does not answer.</exception>
    public async Task<JsonElement> PostAsync(string path, string json, CancellationToken cancellationToken)
    {
        using var content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        return await SendAsync(HttpMethod.Post, path, content, cancellationToken);
    }

    /// <exception cref="LauncherException">It refuses or does not answer.</exception>
    public Task<JsonElement> DeleteAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Delete, path, content: null, cancellationToken);

    async Task<JsonElement> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = content };
            using var response = await _http.SendAsync(request, cancellationToken);
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            if (!response.IsSuccessStatusCode)
                throw new LauncherException($"The gateway refused {path}: {(int)response.StatusCode} {Detail(body)}", ExitCodes.Failed);
            return JsonDocument.Parse(body).RootElement.Clone();
        }
        catch (Exception silent) when (silent is HttpRequestException or JsonException)
        {
            throw new LauncherException($"The gateway does not answer {path} as expected: {silent.Message}", ExitCodes.Failed, silent);
        }
    }

    public void Dispose() => _http.Dispose();

    static string Detail(string body)
    {
        try
        {
            using var problem = JsonDocument.Parse(body);
            var root = problem.RootElement;
            return root.TryGetProperty("detail", out var detail) && detail.ValueKind == JsonValueKind.String ? detail.GetString()!
                : root.TryGetProperty("title", out var title) ? title.ToString() : body;
        }
        catch (JsonException)
        {
            return body.Length > 200 ? body[..200] : body;
        }
    }
}
