using Forewarn.Launcher.Platform;

namespace Forewarn.Launcher.Tests;

public sealed class BackoffTests
{
    [Fact]
    public void Pauses_double_from_half_a_second_to_half_a_minute()
    {
        var backoff = new Backoff();

        var pauses = Enumerable.Range(0, 9).Select(_ => backoff.Next(lived: TimeSpan.FromSeconds(1)).TotalSeconds);

        pauses.ShouldBe([0.5, 1, 2, 4, 8, 16, 30, 30, 30]);
    }

    [Fact]
    public void A_minute_of_life_starts_the_pauses_again()
    {
        var backoff = new Backoff();
        foreach (var _ in Enumerable.Range(0, 5))
            backoff.Next(TimeSpan.Zero);

        backoff.Next(lived: TimeSpan.FromSeconds(60)).ShouldBe(TimeSpan.FromSeconds(0.5));
        backoff.Next(lived: TimeSpan.FromSeconds(59)).ShouldBe(TimeSpan.FromSeconds(1));
    }
}
