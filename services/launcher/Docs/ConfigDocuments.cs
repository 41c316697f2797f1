using System.Text;

namespace Forewarn.Launcher.Docs;

/// <summary>Writes <c>docs/config.md</c> and <c>.env.example</c>.</summary>
static class ConfigDocuments
{
    public static string Markdown(IReadOnlyList<SettingGroup> groups)
    {
        var text = new StringBuilder();
        text.Append("""
            # Configuration
            <!-- Written by `./forewarn docs` from the options classes. Edit those, not this file. -->

            Everything is an environment variable; a value out of range, or an unknown name below a service's prefix, stops that
            service at its start with a line that names it. `NAME` and `0` in a variable stand for a name or a position of yours.

            """);
        foreach (var group in groups)
        {
            text.Append('\n').Append("## ").Append(group.Title).Append('\n');
            text.Append("Read by `").Append(group.Reader).Append("`.");
            if (group.Description.Length > 0)
                text.Append(' ').Append(group.Description);
            text.Append("\n\n| variable | type | default | allowed | meaning |\n|---|---|---|---|---|\n");
            foreach (var setting in group.Settings)
                text.Append($"| `{setting.Variable}` | {Cell(setting.Type)} | {Code(setting.Default)} | {Cell(setting.Range)} | {Cell(setting.Description)} |\n");
        }
        return text.ToString();
    }

    public static string Example(IReadOnlyList<SettingGroup> groups)
    {
        var text = new StringBuilder();
        text.Append("# Written by `./forewarn docs`; docs/config.md says more. Everything here is optional: uncomment what you change.\n");
        foreach (var group in groups)
        {
            text.Append("\n# --- ").Append(group.Title).Append(" (").Append(group.Reader).Append(")\n");
            foreach (var setting in group.Settings)
            {
                if (setting.Description.Length > 0)
                    text.Append("# ").Append(setting.Description).Append('\n');
                if (setting.Range.Length > 0)
                    text.Append("# Allowed: ").Append(setting.Range).Append('\n');
                text.Append('#').Append(setting.Variable).Append('=').Append(Shell(setting.Default)).Append('\n');
            }
        }
        return text.ToString();
    }

    static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    static string Code(string text) => text.Length == 0 ? "" : $"`{Cell(text)}`";

    static string Shell(string text) =>
        text.All(letter => char.IsAsciiLetterOrDigit(letter) || "._-:/,+".Contains(letter, StringComparison.Ordinal)) ? text : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
