using System.Net;
using System.Security.Cryptography;
using System.Text;
using Forewarn.Hosting;
using Microsoft.Net.Http.Headers;

namespace Forewarn.Ingestion;

/// <summary>What stands before any HTTP door: who may send, and how many at a time.</summary>
sealed class DoorGuard(IngestionOptions options, PublicListener listener) : IDisposable
{
    readonly (string Source, byte[] Hash)[] _keys = [.. options.Keys.Select(key => (key.Name, Convert.FromHexString(key.Sha256)))];
    readonly SemaphoreSlim _room = new(options.MaxConcurrentRequests);

    /// <summary>Why a request is not let in; null when it is.</summary>
    public Refusal? WhyNotLetIn(HttpRequest request)
    {
        if (_keys.Length > 0 && SourceOf(request) is null)
            return new(401, "api-key", HeaderNames.Authorization, "must carry a known API key: Bearer KEY");
        // A web page can make a browser post to loopback under a name of its own choice.
        return _keys.Length == 0 && listener.IsLoopback && !IsLoopbackName(request.Host.Host)
            ? new(403, "host", HeaderNames.Host, "must be a loopback name or address while no API key is set")
            : null;
    }

    /// <summary>The submissions of a request, with whose key they came.</summary>
    public IReadOnlyList<Submission> Signed(HttpRequest request, IReadOnlyList<Submission> submissions) => SourceOf(request) is { } sender
        ? [.. submissions.Select(submission => submission with { Sender = sender })]
        : submissions;

    /// <summary>The name of the key that a request carries; null when it carries none that is known.</summary>
    string? SourceOf(HttpRequest request)
    {
        if (KeyOf(request) is not { } key)
            return null;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        string? source = null;
        foreach (var (name, accepted) in _keys)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, accepted))
                source = name;
        }
        return source;
    }

    /// <summary>Room for one more request, to be disposed; null when there is none.</summary>
    public IDisposable? Enter() => _room.Wait(0, CancellationToken.None) ? new Place(_room) : null;

    public Refusal Busy() => new(429, "busy", "$", $"comes while {options.MaxConcurrentRequests} others are handled; try again in a second");

    public void Dispose() => _room.Dispose();

    /// <summary><c>Bearer KEY</c>, <c>Token KEY</c> as Influx clients send it, or the password of <c>Basic</c>.</summary>
    static string? KeyOf(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        var space = header.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0)
            return null;
        var value = header[(space + 1)..].Trim();
        return header[..space].ToUpperInvariant() switch
        {
            "BEARER" or "TOKEN" => value,
            "BASIC" => PasswordOf(value),
            _ => null,
        };
    }

    static string? PasswordOf(string basic)
    {
        var bytes = new byte[basic.Length];
        if (!Convert.TryFromBase64String(basic, bytes, out var length))
            return null;
        var pair = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = pair.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : pair[(colon + 1)..];
    }

    static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    sealed class Place(SemaphoreSlim room) : IDisposable
    {
        SemaphoreSlim? _room = room;

        public void Dispose() => Interlocked.Exchange(ref _room, null)?.Release();
    }
}
