using System.Text.Json;

namespace Forewarn.Compliance;

/// <summary>What an app tells a sidecar once, when it asks.</summary>
static class AppDeclarations
{
    public static Task<bool> SubscribesAsync(HttpClient app) => AnswersAsync(app, "/dapr/subscribe", j => j.ValueKind == JsonValueKind.Array && j.GetArrayLength() > 0);

    public static Task<bool> HostsActorsAsync(HttpClient app) => AnswersAsync(
        app, "/dapr/config",
        j => j.ValueKind == JsonValueKind.Object && j.TryGetProperty("entities", out var entities) && entities.GetArrayLength() > 0);

    static async Task<bool> AnswersAsync(HttpClient app, string path, Func<JsonElement, bool> condition)
    {
        using var answer = await app.GetAsync(path);
        if (!answer.IsSuccessStatusCode)
        {
            return false;
        }

        try
        {
            using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            return condition(json.RootElement);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
