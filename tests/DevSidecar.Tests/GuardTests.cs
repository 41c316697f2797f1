using DevSidecar.DurableLog;
using DevSidecar.Resiliency;
using Microsoft.Extensions.Time.Testing;

namespace DevSidecar.Tests;

public sealed class GuardTests
{
    static readonly RetryRule Twice = new(new BackOff(false, TimeSpan.Zero, TimeSpan.FromSeconds(1), 2));

    readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public async Task Failures_are_tried_again_as_often_as_the_policy_says(int failures, bool succeeds)
    {
        var attempts = 0;
        Task<int> Call() => RunAsync(new(Twice, true, null, null, null, _time), _ => attempts++ < failures ? throw new IOException() : 7);
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
    public async Task The_last_answer_is_given_even_when_it_is_a_failure()
    {
        var attempts = 0;
        var answer = await new Guard(Twice, true, null, null, null, _time).RunAsync(
            _ => Task.FromResult(500 + attempts++), Outcome.HttpFailure, _ => Outcome.Final, TestContext.Current.CancellationToken);
        answer.ShouldBe(502);
    }

    [Fact]
    public async Task Final_failures_are_not_tried_again()
    {
        var attempts = 0;
        await Should.ThrowAsync<InvalidOperationException>(() => RunAsync(new(Twice, true, null, null, null, _time), _ => throw new InvalidOperationException($"{++attempts}")));
        attempts.ShouldBe(1);
    }

    [Fact]
    public async Task Built_in_retries_are_for_calls_that_never_arrived()
    {
        var attempts = 0;
        var guard = new Guard(Twice, false, null, null, null, _time);
        await Should.ThrowAsync<IOException>(() => RunAsync(guard, _ => throw new IOException($"{++attempts}")));
        attempts.ShouldBe(1);
        await guard.RunAsync(_ => Task.FromResult(attempts++), _ => Outcome.Unreachable, _ => Outcome.Final, TestContext.Current.CancellationToken);
        attempts.ShouldBe(4);
    }

    [Fact]
    public async Task A_time_out_cancels_the_attempt()
    {
        CancellationToken seen = default;
        var running = RunTaskAsync(new(null, false, TimeSpan.FromSeconds(5), null, null, _time), async token =>
        {
            seen = token;
            await Task.Delay(Timeout.Infinite, token);
            return 1;
        });
        running.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(5));
        await Should.ThrowAsync<TimeoutException>(() => running);
        seen.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task An_open_breaker_ends_the_retries_and_lets_one_through_later()
    {
        var breaker = new Breaker(new("cb", 1, TimeSpan.Zero, TimeSpan.FromSeconds(10), c => c.ConsecutiveFailures > 1), _time);
        var guard = new Guard(Twice, true, null, breaker, null, _time);
        var attempts = 0;
        await Should.ThrowAsync<CircuitOpenException>(() => RunAsync(guard, _ => throw new IOException($"{++attempts}")));
        attempts.ShouldBe(2);
        await Should.ThrowAsync<CircuitOpenException>(() => RunAsync(guard, _ => ++attempts));
        _time.Advance(TimeSpan.FromSeconds(11));
        (await RunAsync(guard, _ => ++attempts)).ShouldBe(3);
        breaker.State.ShouldBe(BreakerState.Closed);
    }

    [Fact]
    public void The_least_recently_used_breaker_is_forgotten()
    {
        var cache = new BreakerCache(2);
        Breaker Get(string key) => cache.Get(key, () => new(new("cb", 1, TimeSpan.Zero, TimeSpan.FromSeconds(1), _ => true), _time));
        var (a, b) = (Get("a"), Get("b"));
        Get("a").ShouldBeSameAs(a);
        Get("c");
        Get("a").ShouldBeSameAs(a);
        Get("b").ShouldNotBeSameAs(b);
    }

    static Task<int> RunAsync(Guard guard, Func<CancellationToken, int> call) =>
        RunTaskAsync(guard, token => Task.Run(() => call(token), token));

    static Task<int> RunTaskAsync(Guard guard, Func<CancellationToken, Task<int>> call) =>
        guard.RunAsync(call, null, e => e is IOException ? Outcome.Failure : Outcome.Final, TestContext.Current.CancellationToken);
}
