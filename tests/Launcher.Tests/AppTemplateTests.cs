using Forewarn.Launcher.Platform;

namespace Forewarn.Launcher.Tests;

public sealed class AppTemplateTests
{
    [Fact]
    public void The_template_of_this_checkout_lists_every_service_with_its_folder()
    {
        var template = AppTemplate.Load(Path.Combine(Repository.Root, "dapr.yaml"));

        template.Apps.Select(app => app.AppId).ShouldBe(
            ["history", "trainer", "alerting", "predictor", "stream-processor", "ingestion", "gateway"], ignoreOrder: true);
        template.Apps.ShouldAllBe(app => Directory.EnumerateFiles(app.Directory, "*.csproj").Count() == 1);
        template.ResourcesPaths.ShouldBe([Path.Combine(Repository.Root, "components")]);
    }

    [Fact]
    public void An_apps_own_environment_goes_before_the_common_one()
    {
        var app = Parse("""
            common: { env: { A: common, B: common } }
            apps: [{ appID: x, appDirPath: ./x, env: { B: own, C: "3" } }]
            """).Apps.Single();

        app.Environment.ShouldBe(new Dictionary<string, string> { ["A"] = "common", ["B"] = "own", ["C"] = "3" }, ignoreOrder: true);
    }

    [Fact]
    public void Without_an_id_the_folder_names_the_app()
    {
        var app = Parse("apps: [{ appDirPath: ./services/somebody }]").Apps.Single();

        app.AppId.ShouldBe("somebody");
        app.Directory.ShouldBe("/place/services/somebody");
        app.Protocol.ShouldBe("http");
    }

    [Theory]
    [InlineData("version: 1", "lists no apps")]
    [InlineData("apps: [{ appID: x }]", "'x' has no appDirPath")]
    [InlineData("apps: [{ appID: x, appDirPath: a }, { appID: x, appDirPath: b }]", "'x' twice")]
    [InlineData("apps: [", "line ")]
    public void A_template_that_cannot_be_used_is_refused_with_the_reason(string yaml, string reason) =>
        Should.Throw<LauncherException>(() => Parse(yaml)).Message.ShouldContain(reason);

    static AppTemplate Parse(string yaml) => AppTemplate.Parse(yaml, "/place", "dapr.yaml");
}
