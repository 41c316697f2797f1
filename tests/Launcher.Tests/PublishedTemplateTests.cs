using Forewarn.Launcher.Platform;
using Forewarn.Launcher.Publishing;

namespace Forewarn.Launcher.Tests;

public sealed class PublishedTemplateTests : IDisposable
{
    readonly string _root = Directory.CreateTempSubdirectory("forewarn-publish-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Apps_become_programs_in_bin_and_keep_everything_else()
    {
        var template = Write("- { appID: stream-processor, appDirPath: ./app, appPort: 7715, env: { OWN: '1' }, command: [dotnet, run] }");
        File.WriteAllText(Path.Combine(_root, "app", "StreamProcessor.csproj"), "<Project/>");
        var target = Path.Combine(_root, "published", "dapr.yaml");
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);

        PublishedTemplate.Write(template, target);

        var published = AppTemplate.Load(target);
        published.ResourcesPaths.ShouldBe([Path.Combine(_root, "published", "components")]);
        var app = published.Apps.ShouldHaveSingleItem();
        app.AppId.ShouldBe("stream-processor");
        app.Directory.ShouldBe(Path.Combine(_root, "published", "bin"));
        app.Command.ShouldBe(["./Forewarn.StreamProcessor"]);
        app.Environment["OWN"].ShouldBe("1");
        File.ReadAllText(target).ShouldContain("appPort: 7715");
    }

    [Fact]
    public void An_app_that_is_no_project_is_named()
    {
        var template = Write("- { appID: script, appDirPath: ./app, command: [sh] }");

        Should.Throw<LauncherException>(() => PublishedTemplate.Projects(template).ToList()).Message.ShouldContain("'script'");
    }

    string Write(string apps)
    {
        Directory.CreateDirectory(Path.Combine(_root, "app"));
        var template = Path.Combine(_root, "dapr.yaml");
        File.WriteAllText(template, $"version: 1\ncommon: {{ resourcesPaths: [./components] }}\napps:\n{apps}\n");
        return template;
    }
}
