using System.Net;

namespace Forewarn.Gateway.Security;

/// <summary>
/// Which names this gateway answers to. A page on the internet can point its own name at 127.0.0.1 and would then share an
/// origin with us (DNS rebinding); its requests carry its name in Host, so unknown names are refused.
/// </summary>
sealed class HostGuard
{
    readonly HashSet<string> _allowed = new(StringComparer.OrdinalIgnoreCase) { "localhost", "127.0.0.1", "[::1]" };

    public HostGuard(GatewayOptions options, string machineName)
    {
        _allowed.UnionWith(GatewayOptions.Split(options.AllowedHosts));
        var address = options.ParsedAddress;
        if (IPAddress.IsLoopback(address))
            return;
        _allowed.Add(machineName);
        if (!address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any))
            _allowed.Add(new UriBuilder("http", address.ToString()).Uri.Host);
    }

    /// <summary>The port is not judged: it may be forwarded from another one.</summary>
    public bool Allows(HostString host) => host.HasValue && _allowed.Contains(host.Host);
}
