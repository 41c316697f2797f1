using Microsoft.Playwright;

namespace Forewarn.BrowserTests;

/// <summary>One page in a fresh context, with everything the browser complained about.</summary>
sealed class Visit : IAsyncDisposable
{
    readonly IBrowserContext _context;
    readonly List<string> _complaints = [];

    Visit(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.Console += (_, message) => Complain(message.Type is "error" or "warning", message.Text);
        page.PageError += (_, error) => Complain(true, error);
    }

    public IPage Page { get; }

    public static async Task<Visit> OpenAsync(
        DashboardFixture fixture, string path, int width = 1440, int height = 1000, ColorScheme scheme = ColorScheme.Light)
    {
        var context = await fixture.Browser.NewContextAsync(new()
        {
            BaseURL = fixture.Platform.Dashboard.ToString(),
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = scheme,
        });
        // Pages without an entity in their address watch the last one looked at.
        await context.AddInitScriptAsync($"localStorage.setItem('forewarn.entity', '{DashboardFixture.Entity}')");
        var visit = new Visit(context, await context.NewPageAsync());
        await visit.Page.GotoAsync(path);
        return visit;
    }

    /// <summary>The live stream is connected and data has been drawn.</summary>
    public async Task ConnectedAsync()
    {
        await Assertions.Expect(Page.GetByTestId("connection")).ToContainTextAsync("Live", new() { Timeout = 20_000 });
        await Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
    }

    /// <summary>Pixels of the first chart that differ from its corner.</summary>
    public Task<int> PaintedPixelsAsync() => Page.EvaluateAsync<int>("""
        () => {
          const canvas = document.querySelector('canvas');
          const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
          let painted = 0;
          for (let at = 3; at < data.length; at += 4) if (data[at] !== 0) painted++;
          return painted;
        }
        """);

    public void ShouldHaveNoErrors() => _complaints.ShouldBeEmpty();

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    void Complain(bool counts, string text)
    {
        if (counts)
            _complaints.Add(text);
    }
}
