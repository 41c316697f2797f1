using Forewarn.Contracts;
using Forewarn.Testing;

namespace Forewarn.Gateway.Tests;

/// <summary>A real Prometheus scrapes the gateway as docs/prometheus.md says.</summary>
public sealed class RealPrometheusTests
{
    const string Token = "a-token-of-many-letters";

    [Fact]
    public async Task It_has_every_series_with_the_token_and_sees_an_entity_leave_at_once()
    {
        await using var app = await GatewayApp.StartAsync($"--Gateway:AccessToken={Token}");
        app.Client.DefaultRequestHeaders.Authorization = new("Bearer", Token);
        var fleet = new Fleet(app);
        var odd = SeriesSchema.Of([SeriesColumn.Of("odd \"{}\\\n", "{item}", new Dictionary<string, string>(StringComparer.Ordinal) { ["a.b"] = "1\0\n\\", ["a_b"] = "\u0001\"", ["instance"] = "own" })]);
        await fleet.TellAsync(
            fleet.Verdict("web-1", Fleet.Host, outlook: Fleet.Band(Fleet.Host, 0, 1, Fleet.Breach(Fleet.Host.Columns[1]))), fleet.Verdict("web-1", Fleet.Host, cadenceMs: 60_000),
            fleet.Verdict("ödd \"1\"\n\\", odd));
        await fleet.TellAsync(Samples.Incident("i-1", 1));
        await using var prometheus = await StartAsync(Job(app, Token));

        await prometheus.UntilAsync("""up{job="forewarn"}""", seen => seen is [{ Value: 1 }]);
        var expected = await fleet.ScrapeAsync();
        var stored = await prometheus.UntilAsync("""{__name__=~"forewarn_.+"}""", seen => seen.Count == expected.Samples.Count);

        foreach (var sample in expected.Samples.Where(sample => sample.Name != "forewarn_exposition_duration_seconds"))
        {
            stored.ShouldContain(
                one => one.Value.Equals(sample.Value) && one["__name__"] == sample.Name && sample.Labels.All(label => one.Labels.GetValueOrDefault(label.Key) == label.Value), sample.Identity);
        }
        stored.ShouldAllBe(sample => sample["job"] == "forewarn" && sample["instance"] == app.Public.Authority);

        // The entities' clock goes on, Prometheus' does not: without staleness they would be there for five minutes more.
        app.Time.Advance(TimeSpan.FromSeconds(100));
        await prometheus.UntilAsync("""{__name__=~"forewarn_metric_.+|forewarn_breach_.+", entity!="web-1"}""", seen => seen.Count == 0);
        (await prometheus.QueryAsync("""forewarn_entity_score""")).ShouldHaveSingleItem()["cadence"].ShouldBe("1m");
        (await prometheus.QueryAsync("up")).ShouldHaveSingleItem().Value.ShouldBe(1);
    }

    [Fact]
    public async Task Without_the_token_it_is_told_so()
    {
        await using var app = await GatewayApp.StartAsync($"--Gateway:AccessToken={Token}");
        await using var prometheus = await StartAsync(Job(app, "not-the-token"));

        await prometheus.UntilAsync("up", seen => seen is [{ Value: 0 }]);

        (await prometheus.LastErrorAsync()).ShouldContain("401");
    }

    static async Task<RealPrometheus> StartAsync(string job)
    {
        var prometheus = await RealPrometheus.StartAsync(job);
        Assert.SkipWhen(prometheus is null, "There is no prometheus here, and no apt to bring it.");
        return prometheus;
    }

    static string Job(GatewayApp app, string token) => $$"""
        - job_name: forewarn
          authorization: {credentials: {{token}}}
          static_configs: [{targets: ['{{app.Public.Authority}}']}]
        """;
}
