using System.Net;

namespace Forewarn.Gateway.Tests;

public sealed class DashboardTests : IAsyncLifetime
{
    readonly string _folder = Directory.CreateTempSubdirectory("forewarn-dashboard-").FullName;
    GatewayApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await GatewayApp.StartAsync($"--Gateway:DashboardPath={_folder}");

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_dashboard_that_is_not_built_says_how_to_build_it_and_appears_once_it_is()
    {
        using (var missing = await _app.Client.GetAsync("/", TestContext.Current.CancellationToken))
        {
            missing.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            (await missing.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("npm run build");
        }
        Build();
        (await _app.Client.GetStringAsync("/", TestContext.Current.CancellationToken)).ShouldBe("the dashboard");
    }

    [Fact]
    public async Task Pages_of_the_dashboard_are_its_index_and_hashed_files_stay_cached()
    {
        Build();
        using var page = await _app.Client.GetAsync("/incidents/42", TestContext.Current.CancellationToken);
        (await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("the dashboard");
        page.Headers.CacheControl?.NoCache.ShouldBeTrue();

        using var asset = await _app.Client.GetAsync("/assets/app-1a2b.js", TestContext.Current.CancellationToken);
        asset.Content.Headers.ContentType?.MediaType.ShouldBe("text/javascript");
        asset.Headers.CacheControl?.ToString().ShouldContain("immutable");
    }

    [Theory]
    [InlineData("/assets/gone.js")]
    [InlineData("/..%2f..%2fsecret.txt")]
    [InlineData("/%2e%2e/secret.txt")]
    public async Task A_missing_file_is_a_404_and_nothing_outside_is_served(string path)
    {
        Build();
        var secret = Path.Combine(Path.GetDirectoryName(_folder)!, "secret.txt");
        using var response = await _app.Client.GetAsync(path, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound, secret);
    }

    void Build()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "assets"));
        File.WriteAllText(Path.Combine(_folder, "assets", "app-1a2b.js"), "1");
        File.WriteAllText(Path.Combine(_folder, "index.html"), "the dashboard");
    }
}
