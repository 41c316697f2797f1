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
    public Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, path, content: null, cancellationToken);

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
            return body.Length == 0 ? default : JsonDocument.Parse(body).RootElement.Clone();
        }
        catch (Exception silent) when (silent is HttpRequestException or JsonException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new LauncherException($"The gateway does not answer {path} as expected: {silent.Message}", ExitCodes.Failed, silent);
        }
    }

    /// <summary>Copies an answer of any size.</summary>
    /// <param name="open">Where to; called with the name that the answer suggests for a file, once there is one.</param>
    /// <exception cref="LauncherException">It refuses, does not answer, or breaks off.</exception>
    public async Task DownloadAsync(string path, Func<string?, Stream> open, CancellationToken cancellationToken)
    {
        // The first page of an answer may take longer than a question that a person waits for.
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = _http.BaseAddress, Timeout = TimeSpan.FromMinutes(2) };
        try
        {
            using var response = await http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!response.IsSuccessStatusCode)
                throw new LauncherException($"The gateway refused: {(int)response.StatusCode} {Detail(await response.Content.ReadAsStringAsync(cancellationToken))}", ExitCodes.Failed);
            await using var output = open(response.Content.Headers.ContentDisposition?.FileName?.Trim('"'));
            await response.Content.CopyToAsync(output, cancellationToken);
        }
        catch (Exception broken) when (broken is HttpRequestException or HttpIOException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new LauncherException($"The answer broke off: {broken.InnerException?.Message ?? broken.Message} Nothing was kept of it; the gateway's log may say more.", ExitCodes.Failed, broken);
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>A field is named once.</summary>
    static string Error(string field, string text) => text.StartsWith(field, StringComparison.Ordinal) ? text : $"{field}: {text}";

    static string Detail(string body)
    {
        try
        {
            using var problem = JsonDocument.Parse(body);
            var root = problem.RootElement;
            // What is wrong with each field says more than the title above it.
            if (root.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Object)
                return string.Join(Environment.NewLine, errors.EnumerateObject().SelectMany(field => field.Value.EnumerateArray().Select(text => Error(field.Name, text.ToString()))));
            return root.TryGetProperty("detail", out var detail) && detail.ValueKind == JsonValueKind.String ? detail.GetString()!
                : root.TryGetProperty("title", out var title) ? title.ToString() : body;
        }
        catch (JsonException)
        {
            return body.Length > 200 ? body[..200] : body;
        }
    }
}
