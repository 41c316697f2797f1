namespace DevSidecar.Api.Http;

/// <summary>Reads bodies and <c>metadata.*</c> query parameters.</summary>
static class RequestReader
{
    public static async Task<byte[]> BodyAsync(HttpContext context)
    {
        using var buffer = new MemoryStream((int)Math.Min(context.Request.ContentLength ?? 0, 4 * 1024 * 1024));
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        return buffer.Length == buffer.Capacity ? buffer.GetBuffer() : buffer.ToArray();
    }

    public static Dictionary<string, string> Metadata(HttpContext context)
    {
        const string Prefix = "metadata.";
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in context.Request.Query)
        {
            if (name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            {
                metadata[name[Prefix.Length..]] = value.ToString();
            }
        }

        return metadata;
    }

    public static string? Header(HttpContext context, string name) => context.Request.Headers.TryGetValue(name, out var value) ? value.ToString() : null;
}
