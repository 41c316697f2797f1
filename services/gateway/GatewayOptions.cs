using System.ComponentModel.DataAnnotations;
using System.Net;
using Forewarn.Hosting;

namespace Forewarn.Gateway;

/// <summary>Settings of the gateway: the only door for people.</summary>
public sealed class GatewayOptions : ISectionOptions, IValidatableObject
{
    /// <inheritdoc/>
    public static string Section => "Gateway";

    /// <summary>Address of the dashboard and the public API. Beyond loopback <see cref="AccessToken"/> is required. Default 127.0.0.1.</summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Port of the dashboard and the public API. Default 7700.</summary>
    [Range(1, 65535)]
    public int Port { get; set; } = 7700;

    /// <summary>Further host names that a browser may call it by, separated by commas: <c>forewarn.example.com</c>. Default none.</summary>
    public string AllowedHosts { get; set; } = "";

    /// <summary>Origins of other pages that may call the API, separated by commas: <c>https://portal.example.com</c>. Default none.</summary>
    public string AllowedOrigins { get; set; } = "";

    /// <summary>What people sign in with, and what scripts send as a bearer token: at least 16 characters. Default none: no sign-in, loopback only.</summary>
    public string? AccessToken { get; set; }

    /// <summary>Folder of the built dashboard. Default: <c>dashboard/dist</c> of the checkout this runs from.</summary>
    public string? DashboardPath { get; set; }

    /// <summary>Live streams at the same time, over all browsers. Default 100.</summary>
    [Range(1, 10_000)]
    public int MaxStreams { get; set; } = 100;

    /// <summary>Series of incidents, entities and metrics that one scrape of <c>/metrics</c> gets at most; what is left out is told by <c>forewarn_exposition_left_out_series</c>. Default 50,000.</summary>
    [Range(100, 1_000_000)]
    public int MetricsSeries { get; set; } = 50_000;

    internal IPAddress ParsedAddress => IPAddress.Parse(Address);

    /// <summary>Rules that concern more than one setting.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IPAddress.TryParse(Address, out var address))
            yield return new ValidationResult("must be an IP address, for example 127.0.0.1 or 0.0.0.0", [nameof(Address)]);
        else if (!IPAddress.IsLoopback(address) && string.IsNullOrEmpty(AccessToken))
            yield return new ValidationResult("reaches beyond this machine; set GATEWAY__ACCESSTOKEN, so that only those who know it get in", [nameof(Address)]);
        if (AccessToken is { Length: < 16 })
            // The message repeats the value it complains about, so it complains about the address: tokens are never printed.
            yield return new ValidationResult("needs a GATEWAY__ACCESSTOKEN of at least 16 characters", [nameof(Address)]);
        foreach (var origin in Split(AllowedOrigins))
        {
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.AbsolutePath != "/" || uri.Scheme is not ("http" or "https"))
                yield return new ValidationResult($"'{origin}' is not an origin like https://portal.example.com", [nameof(AllowedOrigins)]);
        }
    }

    internal static string[] Split(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
