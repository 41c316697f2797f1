using System.Text.Json;

namespace Forewarn.Launcher.Platform;

/// <summary>Asks a service at <c>/healthz/ready</c> on its app port.</summary>
static class ReadinessProbe
{
    static readonly HttpClient Http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2), UseProxy = false })
    {
        Timeout = TimeSpan.FromSeconds(3),
    };

    /// <summary>Null when ready, else why not: what the service says, or that it does not answer.</summary>
    public static async Task<string?> NotReadyBecauseAsync(int appPort, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await Http.GetAsync(FormattableString.Invariant($"http://127.0.0.1:{appPort}/healthz/ready"), cancellationToken);
            if (response.IsSuccessStatusCode)
                return null;
            return await ReasonAsync(response, cancellationToken) ?? FormattableString.Invariant($"it answers {(int)response.StatusCode}");
        }
        catch (HttpRequestException)
        {
            return "it does not listen yet";
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "it does not answer within 3 s";
        }
    }

    static async Task<string?> ReasonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var body = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
            if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("checks", out var checks) || checks.ValueKind != JsonValueKind.Object)
                return null;
            var open = checks.EnumerateObject().Where(check => check.Value.ToString() != "healthy").Select(check => $"{check.Name}: {check.Value}").ToList();
            return open.Count == 0 ? null : string.Join("; ", open);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
