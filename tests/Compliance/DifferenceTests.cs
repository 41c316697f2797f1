using DevSidecar;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Forewarn.Compliance;

/// <summary>What daprd takes and the dev-sidecar refuses at its start; see the table in its README.</summary>
public abstract class DifferenceTests(ITarget target)
{
    [Fact]
    public async Task Routing_rules_are_all_of_CEL_on_Dapr_and_a_part_of_it_here()
    {
        var topic = $"t-{Guid.NewGuid():N}";
        await using var app = await ProbeApp.StartAsync((p, a) => a.MapPost("/{path}", async (HttpContext c) => await p.RecordAsync(c) is null ? Results.Problem() : Results.Ok()));
        var yaml = World.Standard + $$"""

            ---
            apiVersion: dapr.io/v2alpha1
            kind: Subscription
            metadata: { name: rules }
            spec:
              pubsubname: ps
              topic: {{topic}}
              routes:
                rules:
                - { match: 'event.type.matches("^com[.]dapr")', path: /matched }
                default: /default
            """;
        if (!await IsTakenAsync(yaml, "matches"))
        {
            return;
        }

        await using var world = await target.StartAsync(yaml);
        await world.Client(await world.AddAsync("app", app)).PublishEventAsync("ps", topic, 1);
        await Eventually.TrueAsync(() => app.Requests.Any(r => r.Method == "POST"), "it is delivered");
        app.Requests.First(r => r.Method == "POST").Path.ShouldBe("/matched");
    }

    [Fact]
    public Task A_breaker_trips_by_all_of_CEL_on_Dapr_and_by_a_part_of_it_here() => StartsOnDaprAloneAsync(
        World.Standard + """

            ---
            apiVersion: dapr.io/v1alpha1
            kind: Resiliency
            metadata: { name: r }
            spec:
              policies:
                circuitBreakers:
                  odd: { trip: 'consecutiveFailures in [1, 3]' }
              targets:
                components:
                  ps: { outbound: { circuitBreaker: odd } }
            """,
        "trip");

    [Fact]
    public Task Access_control_is_Daprs_alone() => StartsOnDaprAloneAsync(
        World.Standard + """

            ---
            apiVersion: dapr.io/v1alpha1
            kind: Configuration
            metadata: { name: c }
            spec:
              accessControl:
                defaultAction: deny
            """,
        "accessControl");

    async Task StartsOnDaprAloneAsync(string yaml, string refused)
    {
        if (await IsTakenAsync(yaml, refused))
        {
            await using var world = await target.StartAsync(yaml);
            (await world.Client(await world.AddClientAsync()).CheckOutboundHealthAsync()).ShouldBeTrue();
        }
    }

    /// <summary>The dev-sidecar does not take it, and says what it is about.</summary>
    async Task<bool> IsTakenAsync(string yaml, string refused)
    {
        if (!target.IsDapr)
        {
            (await Should.ThrowAsync<SidecarConfigurationException>(() => target.StartAsync(yaml))).Message.ShouldContain(refused);
        }

        return target.IsDapr;
    }
}
