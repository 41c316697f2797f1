using System.ComponentModel.DataAnnotations;
using System.Xml.Linq;
using Forewarn.Launcher.Docs;

namespace Forewarn.Launcher.Tests;

public sealed class DocsTests
{
    [Fact]
    public void Settings_are_read_with_type_default_and_range()
    {
        var settings = OptionsScanner.ScanAssembly(typeof(DocsTests).Assembly.Location, "probe").Single().Settings.ToDictionary(setting => setting.Variable);

        settings["PROBE__INTERVAL"].ShouldBe(new Setting("PROBE__INTERVAL", "duration (d.hh:mm:ss)", "00:00:01", "00:00:00.1 to 01:00:00", ""));
        settings["PROBE__LIMIT"].ShouldBe(new Setting("PROBE__LIMIT", "number", "0.5", "0 to 1", ""));
        settings["PROBE__MODE"].Type.ShouldBe("one of Fast, Careful");
        settings["PROBE__MODE"].Default.ShouldBe("Careful");
        settings["PROBE__HOST__ENABLED"].Default.ShouldBe("true");
        settings["PROBE__TARGETS__0__URL"].Range.ShouldBe("must be set");
        settings["PROBE__NAMES__0"].ShouldBe(new Setting("PROBE__NAMES__0", "list of text", "a,b", "at most 3", ""));
        settings["PROBE__LABELS__NAME"].Type.ShouldBe("list of text");
        settings.ShouldNotContainKey("PROBE__COMPUTED");
    }

    [Fact]
    public void Documentation_tags_become_plain_text()
    {
        var summary = XElement.Parse("<summary>\n  Waits <c>n</c> ticks;\n  see <see cref=\"P:A.B.Limit\"/>, or <see langword=\"null\"/>.\n</summary>");

        XmlDocs.Plain(summary).ShouldBe("Waits `n` ticks; see `Limit`, or null.");
    }

    [Fact]
    public void Both_documents_say_everything()
    {
        SettingGroup[] groups = [new("Probe", "services/probe", "About it.", [new("PROBE__A", "text", "x y|z", "1 to 2", "What it does.")])];

        ConfigDocuments.Markdown(groups).ShouldContain("| `PROBE__A` | text | `x y\\|z` | 1 to 2 | What it does. |");
        ConfigDocuments.Example(groups).ShouldContain("# What it does.\n# Allowed: 1 to 2\n#PROBE__A='x y|z'\n");
    }

    [Fact]
    public void The_documents_hold_the_settings_of_no_single_service_as_they_are()
    {
        var (markdown, example) = (ConfigDocuments.Markdown([PlatformSettings.Group]), ConfigDocuments.Example([PlatformSettings.Group]));

        File.ReadAllText(Path.Combine(Repository.Root, "docs", "config.md")).ShouldContain(markdown[markdown.IndexOf("## Platform", StringComparison.Ordinal)..], Case.Sensitive, "run ./forewarn docs");
        File.ReadAllText(Path.Combine(Repository.Root, ".env.example")).ShouldContain(example[example.IndexOf("# --- Platform", StringComparison.Ordinal)..], Case.Sensitive, "run ./forewarn docs");
    }

    [Fact]
    public void The_charts_copies_follow_the_repository()
    {
        var root = Directory.CreateTempSubdirectory("forewarn-docs-").FullName;
        try
        {
            var chart = Path.Combine(root, "deploy", "k8s", "forewarn");
            Write(Path.Combine(root, "components"), "a.yaml", "kind: Component");
            ChartFiles.Documents(root).ShouldBeEmpty("there is no chart");
            Write(Path.Combine(root, "components"), "README.md", "Components");
            Write(Path.Combine(chart, "components"), "old.yaml", "kind: Component");
            Write(Path.Combine(root, "deploy", "prometheus", "rules"), "lag.yaml", "groups: []");
            Write(Path.Combine(root, "deploy", "grafana", "boards"), "README.md", "Boards");
            Write(Path.Combine(chart, "boards"), "old.json", "{}");

            ChartFiles.Documents(root).ShouldBe(
            [
                (Path.Combine(chart, "components", "a.yaml"), "kind: Component"), (Path.Combine(chart, "components", "old.yaml"), null),
                (Path.Combine(chart, "rules", "lag.yaml"), "groups: []"),
                (Path.Combine(chart, "boards", "old.json"), null),
            ]);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }

        static void Write(string folder, string name, string text)
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, name), text);
        }
    }

    interface ISectionOptions
    {
        static abstract string Section { get; }
    }

    sealed class ProbeOptions : ISectionOptions
    {
        public static string Section => "Probe";

        [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
        public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(1);

        [Range(0d, 1d)]
        public double? Limit { get; set; } = 0.5;

        public Mode Mode { get; set; } = Mode.Careful;

        public HostPart Host { get; set; } = new();

        public List<Target> Targets { get; set; } = [];

        [MaxLength(3)]
        public string[] Names { get; set; } = ["a", "b"];

        public Dictionary<string, string> Labels { get; set; } = [];

        public string Computed => "not a setting";
    }

    sealed class HostPart
    {
        public bool Enabled { get; set; } = true;
    }

    sealed class Target
    {
        [Required]
        public string Url { get; set; } = "";
    }

    enum Mode
    {
        Fast,
        Careful,
    }
}
