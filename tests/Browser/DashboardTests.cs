using Microsoft.Playwright;

namespace Forewarn.BrowserTests;

/// <summary>The dashboard as a person meets it: a real browser on a running platform.</summary>
public sealed class DashboardTests(DashboardFixture fixture) : IClassFixture<DashboardFixture>
{
    static readonly string Shots = Directory.CreateDirectory(Path.Combine(Checkout.Root, "artifacts", "screenshots")).FullName;

    [Fact]
    public async Task Charts_fill_from_history_and_go_on_live()
    {
        await using var visit = await Visit.OpenAsync(fixture, $"/?entity={DashboardFixture.Entity}&range=15m");

        await visit.ConnectedAsync();
        await Assertions.Expect(visit.Page.Locator("canvas").Nth(5)).ToBeVisibleAsync();
        var painted = await visit.PaintedPixelsAsync();
        painted.ShouldBeGreaterThan(500, "the first chart shows fifteen minutes of history");
        var before = await visit.Page.Locator("main").InnerTextAsync();
        await Assertions.Expect(visit.Page.Locator("main")).Not.ToHaveTextAsync(before, new() { Timeout = 10_000 });

        visit.ShouldHaveNoErrors();
    }

    [Fact]
    public async Task The_incident_is_listed_with_its_sentence_and_opens()
    {
        await using var visit = await Visit.OpenAsync(fixture, "/incidents");

        var sentence = visit.Page.GetByText(fixture.Incident.Contributors[0].Name, new() { Exact = false }).First;
        await Assertions.Expect(sentence).ToBeVisibleAsync();
        await visit.Page.GotoAsync($"/incidents/{fixture.Incident.Id}");
        await Assertions.Expect(visit.Page.GetByText(DashboardFixture.Entity).First).ToBeVisibleAsync();

        visit.ShouldHaveNoErrors();
    }

    [Fact]
    public async Task What_a_person_says_of_an_incident_stays_under_their_name()
    {
        const string Said = "The load test, most likely.";
        await using var visit = await Visit.OpenAsync(fixture, $"/incidents/{fixture.Incident.Id}");
        var page = visit.Page;

        // The fault is short: whether the incident is over by now is open, and what is known may be said in both cases.
        var comment = page.GetByLabel("Comment", new() { Exact = true });
        await comment.FillAsync(Said);
        await page.GetByLabel("Comment as").FillAsync("nadia");
        await page.GetByRole(AriaRole.Button, new() { Name = "Comment" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Comment by nadia")).ToBeVisibleAsync();
        await Assertions.Expect(comment).ToHaveValueAsync("");
        await Eventually.Async("history has the comment", TimeSpan.FromSeconds(30), async () =>
            (await fixture.Platform.IncidentsAsync(DashboardFixture.Entity)).Any(
                incident => incident.Id == fixture.Incident.Id && incident.Timeline.Any(line => line is { Text: Said, Who: "nadia" })));

        await page.ReloadAsync();
        await Assertions.Expect(page.GetByText(Said)).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByLabel("Comment as")).ToHaveValueAsync("nadia");

        visit.ShouldHaveNoErrors();
    }

    [Fact]
    public async Task A_silence_is_previewed_made_from_the_incident_and_ended()
    {
        await using var visit = await Visit.OpenAsync(fixture, $"/incidents/{fixture.Incident.Id}", 390, 844);
        var page = visit.Page;

        await page.GetByRole(AriaRole.Link, new() { Name = "Silence this" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("Entity (* stands for any characters)")).ToHaveValueAsync(DashboardFixture.Entity);
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Preview" })).ToContainTextAsync("in the last week");
        await page.GetByLabel("Kind").SelectOptionAsync("data-quality");
        await page.GetByLabel("Your name").FillAsync("nadia");
        await page.GetByRole(AriaRole.Button, new() { Name = "Silence", Exact = true }).ClickAsync();

        var active = page.GetByRole(AriaRole.Region, new() { Name = "Active" });
        await Assertions.Expect(active).ToContainTextAsync($"{DashboardFixture.Entity}, data quality");
        await active.GetByRole(AriaRole.Button, new() { Name = "End now" }).ClickAsync();
        await active.GetByRole(AriaRole.Button, new() { Name = "Yes" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Nothing is silenced")).ToBeVisibleAsync();

        visit.ShouldHaveNoErrors();
    }

    [Fact]
    public async Task Models_and_system_show_the_running_platform()
    {
        await using var visit = await Visit.OpenAsync(fixture, "/models");
        await Assertions.Expect(visit.Page.GetByText("champion", new() { Exact = false }).Or(visit.Page.GetByText("current", new() { Exact = false })).First)
            .ToBeVisibleAsync();

        await visit.Page.GotoAsync("/system");
        await Assertions.Expect(visit.Page.GetByText("stream-processor").First).ToBeVisibleAsync();

        visit.ShouldHaveNoErrors();
    }

    [Theory]
    [InlineData(1440, 1000, ColorScheme.Light)]
    [InlineData(1440, 1000, ColorScheme.Dark)]
    [InlineData(390, 844, ColorScheme.Light)]
    [InlineData(390, 844, ColorScheme.Dark)]
    public async Task Every_page_fits_its_screen_in_both_themes(int width, int height, ColorScheme scheme)
    {
        foreach (var (name, path) in new[]
        {
            ("live", $"/?entity={DashboardFixture.Entity}&range=15m"), ("incidents", "/incidents"),
            ("incident", $"/incidents/{fixture.Incident.Id}"), ("silences", "/silences?new=1"), ("routing", "/routing"), ("lead-time", "/lead-time"),
            ("models", "/models"), ("system", "/system"),
        })
        {
            await using var visit = await Visit.OpenAsync(fixture, path, width, height, scheme);
            await visit.ConnectedAsync();
            await visit.Page.ScreenshotAsync(new() { Path = Path.Combine(Shots, $"{name}-{width}-{scheme.ToString().ToLowerInvariant()}.png") });
            var overflow = await visit.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
            overflow.ShouldBeLessThanOrEqualTo(0, $"{name} scrolls sideways at {width}");
            visit.ShouldHaveNoErrors();
        }
    }
}
