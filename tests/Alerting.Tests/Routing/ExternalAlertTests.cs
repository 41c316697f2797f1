using Dapr.Client;
using Forewarn.Alerting.Notifications;
using Forewarn.Alerting.Subscriptions;
using Forewarn.Contracts;
using Forewarn.Testing;

namespace Forewarn.Alerting.Tests.Routing;

/// <summary>An alert of another system, from the topic to whom it is told.</summary>
public sealed class ExternalAlertTests : IAsyncLifetime
{
    const string Config = """
        receivers:
          - { name: shop, console: true }
          - { name: infra, console: true }
        routes:
          - { name: shop, match: { kind: external, labels: { team: shop, rack: r1 } }, receivers: shop }
          - { name: rest, receivers: infra }
        """;

    RoutingRig _rig = null!;

    public async ValueTask InitializeAsync() => _rig = await RoutingRig.StartAsync(Config);

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Its_labels_go_above_what_is_known_of_the_entity_and_decide_who_is_told()
    {
        var card = new EntityCard { Entity = "db-1", Attributes = new Dictionary<string, string> { ["team"] = "infra", ["rack"] = "r1" }, At = 1 };
        await _rig.Alerting.Service<DaprClient>().SaveStateAsync(Components.Entities, "db-1", card, cancellationToken: TestContext.Current.CancellationToken);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

        await TakeAsync(Alert(now) with { HoldsUntil = now + 240_000 });
        await TakeAsync(Alert(now + 60_000) with { HoldsUntil = now + 300_000 });
        await TakeAsync(Alert(now + 60_001) with { HoldsUntil = now + 60_001 });

        var told = _rig.Outbox.ShouldHaveSingleItem("its repeats and its end are no news yet");
        (told.Receiver, told.Kind, told.Incident.Kind).ShouldBe(("shop", NotificationKind.Opened, DetectionKind.External));
        told.Incident.Labels.ShouldBe(new Dictionary<string, string> { ["team"] = "shop", ["rack"] = "r1", ["alertname"] = "DiskFull" }, ignoreOrder: true);
    }

    [Fact]
    public async Task An_end_of_something_that_nobody_knows_is_passed_over()
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await TakeAsync(Alert(now) with { HoldsUntil = now });

        _rig.Outbox.ShouldBeEmpty();
    }

    Task TakeAsync(Detection detection) => _rig.Alerting.Service<DetectionSubscription>().HandleAsync([detection], TestContext.Current.CancellationToken);

    static Detection Alert(long t) => new()
    {
        Id = $"alert-{t}",
        Entity = "db-1",
        Kind = DetectionKind.External,
        Cause = "alert:DiskFull:0123456789abcdef",
        T = t,
        Since = t - 60_000,
        CadenceMs = 0,
        Severity = IncidentSeverity.Warning,
        Summary = "the disk of db-1 is full",
        Labels = new Dictionary<string, string> { ["alertname"] = "DiskFull", ["team"] = "shop" },
    };
}
