using System.Net.Http.Headers;
using DevSidecar.Apps;

namespace DevSidecar.Actors;

/// <summary>Actor calls to the app: bodies and <c>X-Dapr*</c> headers pass unchanged in both directions.</summary>
static class ActorChannel
{
    public static async Task<ActorReply> SendAsync(AppChannel channel, ActorId id, ActorCall call, string? reentrancyId, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"{channel.Origin}{PathOf(id)}/{call.Path}") { Content = new ByteArrayContent(call.Body) };
        if (call.ContentType is { } type && MediaTypeHeaderValue.TryParse(type, out var contentType))
        {
            request.Content.Headers.ContentType = contentType;
        }

        foreach (var (name, value) in call.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (reentrancyId is not null)
        {
            request.Headers.Remove(ActorCall.ReentrancyHeader);
            request.Headers.TryAddWithoutValidation(ActorCall.ReentrancyHeader, reentrancyId);
        }

        using var response = await channel.SendAsync(request, Label(id.Type, call.Path), cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return new(
            (int)response.StatusCode, body, response.Content.Headers.ContentType?.ToString(),
            [.. response.Headers.Where(h => h.Key.StartsWith("X-Dapr", StringComparison.OrdinalIgnoreCase)).Select(h => KeyValuePair.Create(h.Key, string.Join(',', h.Value)))]);
    }

    public static async Task DeactivateAsync(AppChannel channel, ActorId id, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, channel.Origin + PathOf(id));
        using var response = await channel.SendAsync(request, $"/actors/{id.Type}/{{id}}", cancellationToken);
    }

    /// <summary>As daprd labels it: the id is replaced, and what follows the method's name (of a timer, a reminder) is cut.</summary>
    static string Label(string type, string path)
    {
        var name = path.IndexOf('/', StringComparison.Ordinal) + 1;
        var end = path.IndexOf('/', name);
        return $"/actors/{type}/{{id}}/{(end < 0 ? path : path.AsSpan(0, end))}";
    }

    static string PathOf(ActorId id) => $"/actors/{Uri.EscapeDataString(id.Type)}/{Uri.EscapeDataString(id.Id)}";
}
