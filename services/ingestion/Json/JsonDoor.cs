using System.Security.Cryptography;
using System.Text;
using Forewarn.Hosting;
using Microsoft.Net.Http.Headers;

namespace Forewarn.Ingestion;

/// <summary>What stands before the body is read: who may send, in which form, how much at a time.</summary>
sealed class JsonDoor(
    IngestionOptions options, PublicListener listener, BatchPublisher publisher, ShapeCache shapes, TimeProvider time) : IDisposable
{
    readonly byte[][] _keyHashes = [.. options.ApiKeyHashes.Select(Convert.FromHexString)];
    readonly SemaphoreSlim _room = new(options.MaxConcurrentRequests);

    /// <summary>Takes the whole request or nothing of it.</summary>
    /// <returns>The number of samples the broker has acknowledged, or why there are none.</returns>
    /// <exception cref="UnavailableException">The broker is away.</exception>
    public async Task<(Refusal? Refusal, int Samples)> AcceptAsync(HttpRequest request)
    {
        if (WhyNotLetIn(request) is { } refused)
            return (refused, 0);
        if (!_room.Wait(0, CancellationToken.None))
            return (new(429, "busy", "$", $"comes while {options.MaxConcurrentRequests} others are handled; try again in a second"), 0);
        try
        {
            using var body = await RequestBody.ReadAsync(request, options.MaxBodyBytes);
            if (body.Refusal is not null)
                return (body.Refusal, 0);
            var received = time.GetUtcNow().ToUnixTimeMilliseconds();
            if (ExternalReader.Read(body.Bytes, Sources.Json, received, options, shapes, out var submissions) is { } invalid)
                return (invalid, 0);
            var refusal = await publisher.PublishAsync(submissions, received, request.HttpContext.RequestAborted);
            return (refusal, refusal is null ? submissions.Sum(submission => submission.CountSamples()) : 0);
        }
        finally
        {
            _room.Release();
        }
    }

    Refusal? WhyNotLetIn(HttpRequest request)
    {
        if (_keyHashes.Length > 0 && !HasKey(request))
            return new(401, "api-key", HeaderNames.Authorization, "must carry a known API key: Bearer KEY");
        // A web page can make a browser post to loopback under a name of its own choice.
        if (_keyHashes.Length == 0 && listener.IsLoopback && !IsLoopbackName(request.Host.Host))
            return new(403, "host", HeaderNames.Host, "must be a loopback name or address while no API key is set");
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || (type.Charset.HasValue && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)))
            return new(415, "media-type", HeaderNames.ContentType, "must be application/json in UTF-8");
        return request.Headers.ContentEncoding.Count == 0 || string.Equals(request.Headers.ContentEncoding, "identity", StringComparison.OrdinalIgnoreCase)
            ? null
            : new(415, "media-type", HeaderNames.ContentEncoding, "must be identity: compressed bodies are not taken here");
    }

    bool HasKey(HttpRequest request)
    {
        const string Scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return false;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(header[Scheme.Length..].Trim()));
        var known = false;
        foreach (var accepted in _keyHashes)
            known |= CryptographicOperations.FixedTimeEquals(hash, accepted);
        return known;
    }

    static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (System.Net.IPAddress.TryParse(host, out var address) && System.Net.IPAddress.IsLoopback(address));

    public void Dispose() => _room.Dispose();
}

/// <summary>Names of the doors, as <see cref="Contracts.MetricBatch.Source"/> carries them.</summary>
static class Sources
{
    public const string Host = "host";
    public const string Probe = "probe";
    public const string Json = "json";
    public const string Self = "self";
}
