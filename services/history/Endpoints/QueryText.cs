using System.Globalization;
using Forewarn.History.Ranges;

namespace Forewarn.History.Endpoints;

/// <summary>Reads query parameters, which arrive as text so that a bad one gets a problem document naming it.</summary>
static class QueryText
{
    public static long? Number(string field, string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new BadRequestException(field, $"{field} must be a whole number.");
    }

    public static bool Flag(string field, string? text) => text switch
    {
        null or "" or "false" => false,
        "true" => true,
        _ => throw new BadRequestException(field, $"{field} must be true or false."),
    };
}
