namespace Forewarn.Launcher.Docs;

/// <summary>One setting as the documents show it.</summary>
/// <param name="Variable">Environment variable.</param>
/// <param name="Type">In words: <c>whole number</c>, <c>duration (hh:mm:ss)</c>.</param>
/// <param name="Default">As it would be written; empty = none.</param>
/// <param name="Range">What is allowed; empty = anything of its type.</param>
sealed record Setting(string Variable, string Type, string Default, string Range, string Description);

/// <summary>The settings of one part of the platform.</summary>
/// <param name="Reader">Who reads them.</param>
sealed record SettingGroup(string Title, string Reader, string Description, IReadOnlyList<Setting> Settings);
