using System.Text.Json;
using DevSidecar.Components;

namespace DevSidecar.Actors;

/// <summary>What an app says in <c>GET /dapr/config</c> about the actors it hosts.</summary>
sealed record ActorHostConfiguration(IReadOnlySet<string> Entities, TimeSpan IdleTimeout, bool Reentrant, int MaxStackDepth)
{
    /// <summary>Null when the app hosts none.</summary>
    public static ActorHostConfiguration? Parse(byte[] body)
    {
        if (body.Length == 0)
        {
            return null;
        }

        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("entities", out var entities)
            || entities.ValueKind != JsonValueKind.Array || entities.GetArrayLength() == 0)
        {
            return null;
        }

        var idle = root.TryGetProperty("actorIdleTimeout", out var text) && text.ValueKind == JsonValueKind.String && GoDuration.TryParse(text.GetString(), out var value) && value > TimeSpan.Zero
            ? value
            : TimeSpan.FromMinutes(60);
        var (reentrant, depth) = (false, 32);
        if (root.TryGetProperty("reentrancy", out var reentrancy) && reentrancy.ValueKind == JsonValueKind.Object)
        {
            reentrant = reentrancy.TryGetProperty("enabled", out var enabled) && enabled.ValueKind == JsonValueKind.True;
            depth = reentrancy.TryGetProperty("maxStackDepth", out var max) && max.TryGetInt32(out var number) ? number : 32;
        }

        return new(entities.EnumerateArray().Select(e => e.ToString()).ToHashSet(StringComparer.Ordinal), idle, reentrant, depth);
    }
}
