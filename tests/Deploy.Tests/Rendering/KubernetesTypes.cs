using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using k8s.Models;

namespace Forewarn.Deploy.Tests;

/// <summary>Reads objects as the types that a cluster knows; a key or a kind that is not known, or a value of another type, is a mistake.</summary>
static class KubernetesTypes
{
    static readonly JsonSerializerOptions _strict = new(JsonSerializerDefaults.General)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    static readonly Dictionary<string, Type> _known = typeof(V1Pod).Assembly.GetTypes()
        .Select(type => (Type: type, Entity: type.GetCustomAttribute<KubernetesEntityAttribute>()))
        .Where(pair => pair.Entity is not null)
        .Select(pair => (Key: Key(pair.Entity!.Group is "" ? pair.Entity.ApiVersion : $"{pair.Entity.Group}/{pair.Entity.ApiVersion}", pair.Entity.Kind), pair.Type))
        .DistinctBy(pair => pair.Key, StringComparer.Ordinal)
        .Concat(CustomResources.Types.Select(pair => (pair.Key, pair.Value)))
        .ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal);

    /// <summary>Null when it is in order, else what is wrong with it.</summary>
    public static string? Mistake(Manifest manifest)
    {
        if (!_known.TryGetValue(Key(manifest.ApiVersion, manifest.Kind), out var type))
            return $"{manifest}: {manifest.ApiVersion} has no kind {manifest.Kind}";
        try
        {
            JsonSerializer.Deserialize(manifest.Root, type, _strict);
        }
        catch (Exception mistake) when (mistake is JsonException or FormatException)
        {
            return $"{manifest}: {mistake.Message}";
        }
        return Null(manifest.Root) is { } path ? $"{manifest}: {path} is empty" : null;
    }

    /// <summary>A key without a value is a template that had nothing to say.</summary>
    static string? Null(JsonNode node) => node switch
    {
        JsonObject map => map.Select(pair => pair.Value is null ? $"{map.GetPath()}.{pair.Key}" : Null(pair.Value)).FirstOrDefault(path => path is not null),
        JsonArray list => list.Select(item => item is null ? $"{list.GetPath()}[]" : Null(item)).FirstOrDefault(path => path is not null),
        _ => null,
    };

    static string Key(string apiVersion, string kind) => $"{apiVersion}/{kind}";
}
