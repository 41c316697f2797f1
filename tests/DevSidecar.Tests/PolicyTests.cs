using DevSidecar.Components;
using DevSidecar.DurableLog;
using DevSidecar.Resiliency;
using Microsoft.Extensions.Logging.Abstractions;

namespace DevSidecar.Tests;

public sealed class PolicyTests
{
    const string Example = """
        apiVersion: dapr.io/v1alpha1
        kind: Resiliency
        metadata: { name: r }
        spec:
          policies:
            timeouts: { short: 2s, DefaultTimeoutPolicy: 1500 }
            retries:
              some: { policy: constant, duration: 200ms, maxRetries: 5, matching: { httpStatusCodes: "429,500-599", gRPCStatusCodes: "14" } }
              DefaultPubsubComponentInboundRetryPolicy: { policy: exponential, maxInterval: 10s }
              DefaultComponentRetryPolicy: { maxRetries: 7 }
              DaprBuiltInServiceRetries: { duration: 10ms, maxRetries: 1 }
              DaprBuiltInActorNotFoundRetries: { maxRetries: 100 }
            circuitBreakers:
              plain: { }
              full: { maxRequests: 2, interval: 8s, timeout: 45s, trip: totalFailures >= 2 && requests > 3 }
          targets:
            apps: { gateway: { timeout: short, circuitBreaker: full, circuitBreakerCacheSize: 2 } }
            actors: { Host: { retry: some, circuitBreaker: plain, circuitBreakerScope: both } }
            components: { store: { outbound: { retry: some } }, ps: { inbound: { retry: some, timeout: short } } }
        """;

    [Fact]
    public void Policies_are_found_by_target_and_direction()
    {
        var policies = new Policies(Documents(Example));
        policies.Outbound("store", "Statestore").Policy.Retry!.BackOff.ShouldBe(new BackOff(false, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(60), 5));
        policies.Inbound("store", "Statestore").Policy.ShouldBe(Policy.None);
        policies.Inbound("ps", "Pubsub").Policy.Timeout.ShouldBe(TimeSpan.FromSeconds(2));
        var gateway = policies.App("gateway");
        gateway.Policy.Timeout.ShouldBe(TimeSpan.FromSeconds(2));
        gateway.Policy.Breaker!.MaxRequests.ShouldBe(2);
        gateway.Policy.Breaker.Interval.ShouldBe(TimeSpan.FromSeconds(8));
        gateway.Policy.Breaker.Timeout.ShouldBe(TimeSpan.FromSeconds(45));
        gateway.Policy.Breaker.Trips(new(4, 2, 2, 0, 1)).ShouldBeTrue();
        gateway.BreakerCacheSize.ShouldBe(2);
        var host = policies.Actor("Host");
        host.Scope.ShouldBe(BreakerScope.Id);
        host.Policy.Breaker!.Timeout.ShouldBe(TimeSpan.FromSeconds(60));
        host.Policy.Breaker.Trips(new(5, 0, 5, 0, 5)).ShouldBeFalse("the default is more than five failures in a row");
        host.Policy.Breaker.Trips(new(6, 0, 6, 0, 6)).ShouldBeTrue();
    }

    [Fact]
    public void A_target_without_an_entry_takes_the_most_special_default()
    {
        var policies = new Policies(Documents(Example));
        var inbound = policies.Inbound("other", "Pubsub").Policy;
        inbound.Retry!.BackOff.ShouldBe(new BackOff(true, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(10), -1, Randomization: 0.5));
        inbound.Timeout.ShouldBe(TimeSpan.FromMilliseconds(1500));
        policies.Outbound("other", "Pubsub").Policy.Retry!.BackOff.MaxRetries.ShouldBe(7);
        policies.App("other").Policy.Timeout.ShouldBe(TimeSpan.FromMilliseconds(1500));
        policies.App("gateway").Policy.Retry.ShouldBeNull("a target with an entry has what it names and no more");
    }

    [Fact]
    public void Built_in_retries_can_be_replaced_but_not_below_three()
    {
        var policies = new Policies(Documents(Example));
        policies.Retry(BuiltIn.ServiceRetries).BackOff.ShouldBe(new BackOff(false, TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(60), 3));
        policies.Retry(BuiltIn.ActorNotFoundRetries).BackOff.MaxRetries.ShouldBe(5, "this one is protected");
    }

    [Fact]
    public void A_document_with_scopes_is_for_those_apps()
    {
        var documents = Documents(Example + "\nscopes: [orders]\n").ToList();
        Policies.For(documents, "orders").App("gateway").ShouldNotBe(TargetPolicy.None);
        Policies.For(documents, "other").App("gateway").ShouldBe(TargetPolicy.None);
    }

    [Theory]
    [InlineData(500, true)]
    [InlineData(429, true)]
    [InlineData(404, false)]
    public void Only_matching_statuses_are_retried(int status, bool retried) =>
        (new Policies(Documents(Example)).Outbound("store", "Statestore").Policy.Retry!.Next(Outcome.HttpFailure(status), 0, TimeSpan.Zero) is not null).ShouldBe(retried);

    [Fact]
    public void An_exponential_retry_without_a_limit_ends_after_fifteen_minutes()
    {
        var retry = new RetryRule(new(true, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(60), -1));
        retry.Next(Outcome.Failure, 40, TimeSpan.FromMinutes(13.9)).ShouldBe(TimeSpan.FromSeconds(60));
        retry.Next(Outcome.Failure, 41, TimeSpan.FromMinutes(14.1)).ShouldBeNull();
    }

    [Theory]
    [InlineData("policies: { retries: { a: { policy: sometimes } } }", "sometimes")]
    [InlineData("policies: { retries: { a: { backoff: 1s } } }", "'backoff'")]
    [InlineData("policies: { retries: { a: { matching: { httpStatusCodes: 99 } } } }", "'99'")]
    [InlineData("policies: { retries: { a: { matching: { httpStatusCodes: 500-400 } } } }", "'500-400'")]
    [InlineData("policies: { retries: { a: { matching: { gRPCStatusCodes: 17 } } } }", "'17'")]
    [InlineData("policies: { circuitBreakers: { cb: { trip: failures > 1 } } }", "'failures > 1'")]
    [InlineData("policies: { circuitBreakers: { cb: { threshold: 1 } } }", "'threshold'")]
    [InlineData("policies: { bulkheads: { a: 1 } }", "'bulkheads'")]
    [InlineData("targets: { components: { s: { outbound: { retry: none } } } }", "'none'")]
    [InlineData("targets: { components: { s: { both: { } } } }", "'both'")]
    [InlineData("targets: { apps: { s: { circuitBreakerScope: id } } }", "'circuitBreakerScope'")]
    [InlineData("policies: { circuitBreakers: { cb: { } } }\n  targets: { actors: { A: { circuitBreaker: cb } } }", "circuitBreakerScope")]
    [InlineData("rules: { }", "'rules'")]
    public void What_is_not_understood_is_refused_and_named(string spec, string named) =>
        Should.Throw<SidecarConfigurationException>(() => Policies.Check([.. Documents($"apiVersion: dapr.io/v1alpha1\nkind: Resiliency\nmetadata: {{ name: r }}\nspec:\n  {spec}\n")]))
            .Message.ShouldContain(named);

    static IEnumerable<ResourceDocument> Documents(string yaml) => ResourceLoader.Parse("file.yaml", yaml, NullLogger.Instance);
}
