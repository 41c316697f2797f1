namespace Forewarn.Compliance;

/// <summary>Waits on a condition, never on the clock alone.</summary>
public static class Eventually
{
    public static async Task TrueAsync(Func<bool> condition, string what, int seconds = 20)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        while (!condition())
        {
            if (limit.IsCancellationRequested)
            {
                throw new ShouldAssertException($"within {seconds} s: {what}");
            }

            await Task.Delay(10, CancellationToken.None);
        }
    }

    public static Task TrueAsync(Func<Task<bool>> condition, string what, int seconds = 20) => TrueAsync(condition, () => what, seconds);

    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> what, int seconds = 20)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        while (!await condition())
        {
            if (limit.IsCancellationRequested)
            {
                throw new ShouldAssertException($"within {seconds} s: {what()}");
            }

            await Task.Delay(20, CancellationToken.None);
        }
    }
}
