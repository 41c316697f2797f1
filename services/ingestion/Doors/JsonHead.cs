using Microsoft.Net.Http.Headers;

namespace Forewarn.Ingestion;

/// <summary>What the headers of a request with JSON must say.</summary>
static class JsonHead
{
    /// <summary>Why the body is not read; null when it may be.</summary>
    public static Refusal? WhyNotRead(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || (type.Charset.HasValue && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)))
            return new(415, "media-type", HeaderNames.ContentType, "must be application/json in UTF-8");
        return request.Headers.ContentEncoding.Count == 0 || string.Equals(request.Headers.ContentEncoding, "identity", StringComparison.OrdinalIgnoreCase)
            ? null
            : new(415, "media-type", HeaderNames.ContentEncoding, "must be identity: compressed bodies are not taken here");
    }
}
