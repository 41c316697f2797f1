using DevSidecar.Components;
using DevSidecar.DurableLog;
using DevSidecar.Resiliency;
using Microsoft.Extensions.Logging.Abstractions;

namespace DevSidecar.Tests;

public sealed class PolicyTests
{
    static readonly Policy Twice = new(new(false, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1), 2), null);

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public async Task Outages_are_tried_again_as_often_as_the_policy_says(int failures, bool succeeds)
    {
        var attempts = 0;
        Task<int> Call() => PolicyRunner.RunAsync(
            Twice, _ => attempts++ < failures ? Task.FromException<int>(new IOException()) : Task.FromResult(7), e => e is IOException, TimeProvider.System, TestContext.Current.CancellationToken);
        if (succeeds)
        {
            (await Call()).ShouldBe(7);
        }
        else
        {
            await Should.ThrowAsync<IOException>(Call);
        }

        attempts.ShouldBe(3);
    }

    [Fact]
    public async Task Other_errors_are_not_tried_again()
    {
        var attempts = 0;
        await Should.ThrowAsync<InvalidOperationException>(() => PolicyRunner.RunAsync<int>(
            Twice, _ => throw new InvalidOperationException($"{++attempts}"), e => e is IOException, TimeProvider.System, TestContext.Current.CancellationToken));
        attempts.ShouldBe(1);
    }

    [Fact]
    public void Policies_are_found_by_target_and_direction()
    {
        var policies = new Policies(Documents("""
            apiVersion: dapr.io/v1alpha1
            kind: Resiliency
            metadata: { name: r }
            spec:
              policies:
                timeouts: { short: 2s }
                retries: { some: { policy: constant, duration: 200ms, maxRetries: 5 } }
              targets:
                apps: { gateway: { timeout: short } }
                components: { store: { outbound: { retry: some } }, ps: { inbound: { retry: some, timeout: short } } }
            """));
        policies.Outbound("store").Retry.ShouldBe(new BackOff(false, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(60), 5));
        policies.Inbound("store").ShouldBe(Policy.None);
        policies.Inbound("ps").Timeout.ShouldBe(TimeSpan.FromSeconds(2));
        policies.App("gateway").Timeout.ShouldBe(TimeSpan.FromSeconds(2));
    }

    [Theory]
    [InlineData("policies: { circuitBreakers: { cb: { timeout: 5s } } }", "circuitBreakers")]
    [InlineData("policies: { retries: { a: { policy: sometimes } } }", "sometimes")]
    [InlineData("targets: { components: { s: { outbound: { retry: none } } } }", "'none'")]
    [InlineData("targets: { actors: { A: { } } }", "actors")]
    public void What_cannot_be_honoured_is_refused(string spec, string named) =>
        Should.Throw<SidecarConfigurationException>(() => new Policies(Documents($"apiVersion: dapr.io/v1alpha1\nkind: Resiliency\nmetadata: {{ name: r }}\nspec:\n  {spec}\n")))
            .Message.ShouldContain(named);

    static IEnumerable<ResourceDocument> Documents(string yaml) => ResourceLoader.Parse("file.yaml", yaml, NullLogger.Instance);
}
