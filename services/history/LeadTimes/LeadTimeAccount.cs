using Forewarn.Contracts;

namespace Forewarn.History.LeadTimes;

/// <summary>Adds up lines of the ledger. Pure.</summary>
sealed class LeadTimeAccount
{
    const int Bins = 10;

    readonly int[] _outcomes = new int[Enum.GetValues<PredictionOutcome>().Length];
    readonly (int Count, double Said, int Happened)[] _bins = new (int, double, int)[Bins];
    readonly List<double> _leads = [];
    int _within;

    /// <summary>From the word to the limit; null unless it was hit.</summary>
    public static double? LeadSeconds(PredictionOutcome outcome, long saidAt, long? outcomeAt) =>
        outcome == PredictionOutcome.Confirmed && outcomeAt is { } hit ? (hit - saidAt) / 1000.0 : null;

    /// <param name="outcome">What became of it.</param>
    /// <param name="saidAt">Unix milliseconds, as are all times.</param>
    /// <param name="outcomeAt">When that was known.</param>
    /// <param name="earliestAt">Begin of the 80 % interval.</param>
    /// <param name="latestAt">Its end.</param>
    /// <param name="probability">As said, 0 to 1.</param>
    public void Add(PredictionOutcome outcome, long saidAt, long? outcomeAt, long earliestAt, long latestAt, double probability)
    {
        _outcomes[(int)outcome]++;
        if (LeadSeconds(outcome, saidAt, outcomeAt) is { } lead)
        {
            _leads.Add(lead);
            _within += outcomeAt >= earliestAt && outcomeAt <= latestAt ? 1 : 0;
        }
        if (outcome is not (PredictionOutcome.Confirmed or PredictionOutcome.Expired) || !double.IsFinite(probability))
            return;
        ref var bin = ref _bins[(int)Math.Clamp(probability * Bins, 0, Bins - 1)];
        bin = (bin.Count + 1, bin.Said + probability, bin.Happened + (outcome == PredictionOutcome.Confirmed ? 1 : 0));
    }

    public LeadTimeSummary Close(long from, long to)
    {
        var (confirmed, averted, expired) = (Of(PredictionOutcome.Confirmed), Of(PredictionOutcome.Averted), Of(PredictionOutcome.Expired));
        var settled = confirmed + averted + expired;
        _leads.Sort();
        return new LeadTimeSummary
        {
            From = from,
            To = to,
            Pending = Of(PredictionOutcome.Pending),
            Confirmed = confirmed,
            Averted = averted,
            Expired = expired,
            Precision = settled > 0 ? (double)(confirmed + averted) / settled : null,
            SecondsEarned = _leads.Sum(),
            MedianLeadSeconds = Median(),
            WithinInterval = _leads.Count > 0 ? (double)_within / _leads.Count : null,
            Calibration = [.. _bins.Select((bin, place) => new CalibrationBin(
                (double)place / Bins, (double)(place + 1) / Bins, bin.Count, Mean(bin.Said, bin.Count), Mean(bin.Happened, bin.Count)))],
        };
    }

    int Of(PredictionOutcome outcome) => _outcomes[(int)outcome];

    double? Median() => _leads.Count switch
    {
        0 => null,
        var count when count % 2 == 1 => _leads[count / 2],
        var count => (_leads[(count / 2) - 1] + _leads[count / 2]) / 2,
    };

    static double Mean(double sum, int count) => count > 0 ? sum / count : 0;
}
