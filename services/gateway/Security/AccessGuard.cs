using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Forewarn.Gateway.Security;

/// <summary>
/// Sign-in with one access token: as a bearer token, or once on the sign-in page for a cookie. The cookie is an expiry
/// signed with the token, so nothing is stored, every replica understands it, and a new token ends all sessions.
/// </summary>
sealed class AccessGuard(GatewayOptions options, TimeProvider time)
{
    public const string Cookie = "forewarn-session";
    static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    readonly byte[]? _token = string.IsNullOrEmpty(options.AccessToken) ? null : Encoding.UTF8.GetBytes(options.AccessToken);

    /// <summary>Without a token there is nothing to know; the options allow that on loopback only.</summary>
    public bool Required => _token is not null;

    public bool Allows(HttpRequest request) =>
        _token is null
        || request.Headers.Authorization.ToString() is { } header && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && IsToken(header[7..].Trim())
        || request.Cookies.TryGetValue(Cookie, out var session) && IsValid(session);

    public bool IsToken(string sent) =>
        // Hashing first makes lengths equal, so that the comparison takes the same time whatever was sent.
        _token is not null && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(sent)), SHA256.HashData(_token));

    public void SignIn(HttpResponse response, bool secure)
    {
        var expires = time.GetUtcNow() + Lifetime;
        var until = expires.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        response.Cookies.Append(Cookie, $"{until}.{Sign(until)}", new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = secure,
            Expires = expires,
            Path = "/",
        });
    }

    bool IsValid(string session)
    {
        var dot = session.IndexOf('.', StringComparison.Ordinal);
        if (dot < 1 || !long.TryParse(session.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var until))
            return false;
        var genuine = CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(Sign(session[..dot])), Encoding.ASCII.GetBytes(session[(dot + 1)..]));
        return genuine && until > time.GetUtcNow().ToUnixTimeSeconds();
    }

    string Sign(string until) => Base64Url.EncodeToString(HMACSHA256.HashData(_token!, Encoding.ASCII.GetBytes($"forewarn session until {until}")));
}
