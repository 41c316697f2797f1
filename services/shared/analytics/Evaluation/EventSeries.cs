namespace Forewarn.Analytics;

/// <summary>What a detector said about one labelled series.</summary>
/// <param name="Scores">Higher is stranger.</param>
/// <param name="Labels">One for each score; a run of labelled points is one event.</param>
/// <param name="Alarms">The detector's own decisions, without knowing labels.</param>
public sealed record EventSeries(double[] Scores, bool[] Labels, bool[] Alarms);
