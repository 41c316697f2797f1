namespace Forewarn.Hosting;

/// <summary>A text in a file, and where it stands.</summary>
/// <param name="Value">Never null.</param>
/// <param name="Line">From 1.</param>
/// <param name="Path"><c>routes[0].receivers[1]</c>.</param>
public readonly record struct YamlText(string Value, long Line, string Path);
