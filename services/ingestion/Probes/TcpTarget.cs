using System.Globalization;

namespace Forewarn.Ingestion;

/// <summary><c>host:port</c>.</summary>
readonly record struct TcpTarget(string Host, int Port)
{
    public static bool TryParse(string text, out TcpTarget target)
    {
        target = default;
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
            return false;
        var host = text[..colon];
        if (host.StartsWith('[') && host.EndsWith(']'))
            host = host[1..^1];
        else if (host.Contains(':', StringComparison.Ordinal))
            return false;
        target = new TcpTarget(host, port);
        return Uri.CheckHostName(host) != UriHostNameType.Unknown;
    }
}
