using System.Buffers;
using System.Collections.Frozen;

namespace DevSidecar.Apps;

/// <summary>
/// Metadata of messages and binding events as headers of the request to the app. They come from anybody who can write to the
/// broker, so what would break the request's framing or cannot be a header is left out, and never costs the message.
/// </summary>
static class MetadataHeaders
{
    static readonly FrozenSet<string> Framing = FrozenSet.ToFrozenSet(
        ["Connection", "Content-Length", "Expect", "Host", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade"],
        StringComparer.OrdinalIgnoreCase);

    static readonly SearchValues<char> Controls = SearchValues.Create([.. Enumerable.Range(0, 32).Append(127).Select(c => (char)c)]);

    /// <summary>Sets a header; the last value of a name wins. Control characters become spaces.</summary>
    public static void Set(HttpRequestMessage request, string name, string value)
    {
        if (Framing.Contains(name))
        {
            return;
        }

        if (value.AsSpan().ContainsAny(Controls))
        {
            value = string.Create(value.Length, value, static (target, source) =>
            {
                source.CopyTo(target);
                target.ReplaceAny(Controls, ' ');
            });
        }

        if (request.Headers.NonValidated.Contains(name))
        {
            request.Headers.Remove(name);
        }

        request.Headers.TryAddWithoutValidation(name, value);
    }
}
