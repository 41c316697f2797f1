namespace Forewarn.Contracts;

/// <summary>
/// What one replica of <c>predictor</c> has seen of the champion within one hour. Counts are cumulative: of two reports
/// of one count the one with more watched time holds, so repeated and overtaken messages do no harm.
/// </summary>
public sealed record ChampionReport
{
    /// <summary>The process start that counts.</summary>
    public required string Producer { get; init; }

    public required string Model { get; init; }

    /// <summary><see cref="ModelInfo.ChampionAt"/>: a model may become champion more than once.</summary>
    public required long ChampionAt { get; init; }

    /// <summary>Start of the hour of the clock, unix milliseconds.</summary>
    public required long Hour { get; init; }

    /// <summary>Time of all entities together on which it decided, milliseconds: an hour of three hosts is three hours.</summary>
    public required long WatchedMs { get; init; }

    /// <summary>Ticks in the histograms: those of warm entities outside of decisions, on their own cadence.</summary>
    public required long Ticks { get; init; }

    /// <summary>Ticks by bin of the manifest's reference, for each entry of the row; empty without a reference.</summary>
    public IReadOnlyList<IReadOnlyList<long>> Features
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>Ticks by bin of calibrated scores, see <c>ReferenceHistogram.FromPrior</c>.</summary>
    public IReadOnlyList<long> Scores
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>Entities on which a decision was opened, each once.</summary>
    public IReadOnlyList<string> Opened
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>Further openings on entities that are not named, when there are very many.</summary>
    public long MoreOpened { get; init; }

    /// <summary>What an entity may cause, the mean over the time watched.</summary>
    public required double FalseAlarmsPerWeek { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public required long At { get; init; }
}
