using System.Diagnostics;

namespace Forewarn.Testing;

/// <summary>Waits for a condition with a deadline; the message says what was awaited and what was seen.</summary>
public static class Eventually
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public static async Task Async(string what, TimeSpan limit, Func<Task<bool>> condition, Func<string>? seen = null)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > limit)
                throw new TimeoutException($"Waited {limit.TotalSeconds:0} s for: {what}.\n{seen?.Invoke()}");
            await Task.Delay(Pause);
        }
    }
}
