using System.Globalization;

namespace Forewarn.Ingestion;

/// <summary>
/// Whether an entity's clock is wrong: its newest samples come from the future, or are always old by about the same time. Data that
/// is sent later, as after an outage, is old by ever less and is no finding.
/// </summary>
sealed class ClockCheck
{
    /// <summary>Further ahead than clocks that are kept in step ever are.</summary>
    public const long AheadMs = 5_000;

    /// <summary>Older than what is gathered for a while before it is sent.</summary>
    public const long BehindMs = 30_000;

    const int LeastRequests = 5;
    const long WindowMs = 60_000;
    const long SteadyMs = 10_000;

    int _ahead;
    int _requests;
    long _begun;
    long _least;
    long _most;
    long? _behind;

    /// <summary>Takes the newest time of a request.</summary>
    /// <param name="newest">Unix milliseconds.</param>
    /// <param name="received">When it came, unix milliseconds.</param>
    /// <returns>What is wrong with the clock; null when nothing is, or nothing is known.</returns>
    public string? Look(long newest, long received)
    {
        var age = received - newest;
        _ahead = age < -AheadMs ? _ahead + 1 : 0;
        Gather(age, received);
        if (_ahead >= 3)
            return $"its clock is {Seconds(-age)} ahead: samples come from the future";
        return _behind is { } behind && age >= BehindMs
            ? $"its newest samples are always {Seconds(behind)} old: its clock is behind, or it passes on data of others late"
            : null;
    }

    /// <summary>Smallest and greatest age of a window; the smaller the difference, the more it is a clock.</summary>
    void Gather(long age, long received)
    {
        if (_requests == 0)
            (_begun, _least, _most) = (received, age, age);
        _requests++;
        (_least, _most) = (Math.Min(_least, age), Math.Max(_most, age));
        if (_requests < LeastRequests || received - _begun < WindowMs)
            return;
        _behind = _least >= BehindMs && _most - _least <= SteadyMs ? _least : null;
        _requests = 0;
    }

    static string Seconds(long ms) => ms < 120_000
        ? string.Create(CultureInfo.InvariantCulture, $"{ms / 1000.0:0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{ms / 60_000.0:0} min");
}
