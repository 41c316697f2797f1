namespace Forewarn.Models;

/// <summary>Which part of a resource a series is, by OpenTelemetry's conventions: <c>cpu.mode</c>, <c>system.memory.state</c> and the like.</summary>
static class ResourceState
{
    /// <summary>The state among the labels; null when the series is the whole.</summary>
    public static string? Of(IReadOnlyDictionary<string, string> labels)
    {
        string? state = null;
        foreach (var (name, value) in labels)
        {
            if (name.EndsWith("state", StringComparison.Ordinal) || name.EndsWith("mode", StringComparison.Ordinal))
                state = value;
        }
        return state;
    }
}
