namespace Forewarn.Launcher.Platform;

/// <summary>How long to wait before starting a process again: doubling from half a second to half a minute, from the start again after a minute of life.</summary>
sealed class Backoff
{
    static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    static readonly TimeSpan LongLife = TimeSpan.FromSeconds(60);

    TimeSpan _next = First;

    /// <param name="lived">How long the process that just ended had run.</param>
    public TimeSpan Next(TimeSpan lived)
    {
        if (lived >= LongLife)
            _next = First;
        var delay = _next;
        _next = _next * 2 > Longest ? Longest : _next * 2;
        return delay;
    }
}
