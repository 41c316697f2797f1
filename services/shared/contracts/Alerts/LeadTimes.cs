namespace Forewarn.Contracts;

/// <summary>A line of the lead-time ledger: a prediction that was told, and what became of it.</summary>
public sealed record LeadTime
{
    public required string Incident { get; init; }
    public required string Entity { get; init; }
    public required BreachPrediction Prediction { get; init; }

    /// <summary>From the word to the limit, seconds; null unless confirmed.</summary>
    public double? LeadSeconds { get; init; }
}

/// <summary>How predictions fared.</summary>
public sealed record LeadTimeSummary
{
    public required long From { get; init; }
    public required long To { get; init; }
    public required int Pending { get; init; }
    public required int Confirmed { get; init; }
    public required int Averted { get; init; }
    public required int Expired { get; init; }

    /// <summary>Confirmed and averted of all that are settled; null without any.</summary>
    public double? Precision { get; init; }

    /// <summary>Sum of the lead times of confirmed predictions, seconds.</summary>
    public required double SecondsEarned { get; init; }

    /// <summary>Median lead time of confirmed predictions, seconds.</summary>
    public double? MedianLeadSeconds { get; init; }

    /// <summary>Share of confirmed predictions whose limit was hit within the 80 % interval as said.</summary>
    public double? WithinInterval { get; init; }

    /// <summary>What was said beside what happened.</summary>
    public required IReadOnlyList<CalibrationBin> Calibration { get; init; }
}

/// <summary>Predictions whose probability was said to lie in a range. Averted ones are left out: nobody knows what would have happened.</summary>
/// <param name="Low">Inclusive.</param>
/// <param name="High">Exclusive; the last inclusive.</param>
/// <param name="Count">Settled predictions.</param>
/// <param name="Said">Mean probability said.</param>
/// <param name="Happened">Share confirmed.</param>
public sealed record CalibrationBin(double Low, double High, int Count, double Said, double Happened);
