namespace Forewarn.Ingestion.Tests;

/// <summary>Waits for a condition, with a deadline far beyond what is needed.</summary>
static class Eventually
{
    static readonly TimeSpan _deadline = TimeSpan.FromSeconds(30);

    public static Task TrueAsync(Func<bool> condition, string what) => TrueAsync(() => Task.FromResult(condition()), what);

    public static async Task TrueAsync(Func<Task<bool>> condition, string what)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            TimeProvider.System.GetElapsedTime(start).ShouldBeLessThan(_deadline, what);
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
