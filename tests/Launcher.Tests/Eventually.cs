namespace Forewarn.Launcher.Tests;

static class Eventually
{
    /// <summary>Waits until the condition holds; fails with what it was waiting for when it does not within the deadline.</summary>
    public static async Task HoldsAsync(Func<bool> condition, string what, Func<string>? details = null, int seconds = 60)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(since).TotalSeconds > seconds)
                Assert.Fail($"Not within {seconds} s: {what}\n{details?.Invoke()}");
            await Task.Delay(30, TestContext.Current.CancellationToken);
        }
    }
}
