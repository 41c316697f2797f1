using DevSidecar.Components;

namespace DevSidecar.Bindings;

/// <summary>An input binding as configured: its name, where the app wants its events, and whether it has to be asked.</summary>
sealed record InputBinding(string Name, string Path, bool AsksApp, IInputBinding Source)
{
    /// <summary>Null when metadata <c>direction</c> leaves input out.</summary>
    public static InputBinding? Of(ComponentMetadata metadata, IInputBinding source)
    {
        var name = metadata.Definition.Name;
        var path = "/" + (metadata["route"] ?? name).TrimStart('/');
        return HasDirection(metadata, "input", whenSilent: true)
            ? new(name, path, AsksApp: metadata["direction"] is null, source)
            : null;
    }

    /// <summary>Metadata <c>direction</c> is a list like <c>input, output</c>; without it a binding does what it can.</summary>
    public static bool HasDirection(ComponentMetadata metadata, string direction, bool whenSilent) => metadata["direction"] is not { } text
        ? whenSilent
        : text.Split(',', StringSplitOptions.TrimEntries).Contains(direction, StringComparer.OrdinalIgnoreCase);
}
