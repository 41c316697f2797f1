using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Forewarn.Simulator;

/// <summary>Kinds of arguments that the verbs share.</summary>
static class Arguments
{
    static readonly TimeSpan _day = TimeSpan.FromDays(1);

    public static Option<TimeSpan> Duration(string name, string description, string fallback, TimeSpan least) => new(name)
    {
        Description = $"{description} For example 45s or 15m; default {fallback}.",
        DefaultValueFactory = _ => DurationText.TryParse(fallback, out var duration) ? duration : default,
        CustomParser = result => ParseDuration(result, least) ?? default,
    };

    public static TimeSpan? ParseDuration(ArgumentResult result, TimeSpan least)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (DurationText.TryParse(text, out var duration) && duration >= least && duration <= _day)
            return duration;
        result.AddError($"'{text}' is not a duration from {least.TotalSeconds:0} s to a day. Write for example 45s, 15m or 2h.");
        return null;
    }

    public static Uri? ParseAddress(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (TryAddress(text, out var address))
            return address;
        result.AddError($"'{text}' is not an http address such as http://127.0.0.1:7701.");
        return null;
    }

    public static bool TryAddress(string? text, [NotNullWhen(true)] out Uri? address) =>
        Uri.TryCreate(text, UriKind.Absolute, out address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps);

    /// <summary>An address if one is known, else that port of this machine.</summary>
    public static Uri LocalAddress(string? known, string? port, int fallback)
    {
        if (TryAddress(known, out var address))
            return address;
        var taken = int.TryParse(port, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 65535 ? number : fallback;
        return new Uri($"http://127.0.0.1:{taken}");
    }

    public static void AddErrorUnless(SymbolResult result, bool good, string message)
    {
        if (!good)
            result.AddError(message);
    }
}
