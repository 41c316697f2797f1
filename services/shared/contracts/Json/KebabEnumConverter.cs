using System.Text.Json;
using System.Text.Json.Serialization;

namespace Forewarn.Contracts;

/// <summary>Enums travel as kebab-case words: <c>predicted-breach</c>.</summary>
public sealed class KebabEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
