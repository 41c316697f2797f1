using System.Runtime.InteropServices;

namespace Forewarn.Analytics;

/// <summary>When a series will hit its limit if it goes on as it does.</summary>
/// <param name="P5m">Probability of a breach within 5 minutes.</param>
/// <param name="P15m">Probability of a breach within 15 minutes.</param>
/// <param name="P60m">Probability of a breach within 60 minutes.</param>
/// <param name="MedianSeconds">Median time to the breach; 0 when the limit is reached already.</param>
/// <param name="LowSeconds">Early end of the 80 % interval.</param>
/// <param name="HighSeconds">Late end of the 80 % interval; infinite when the slope may be flat.</param>
/// <param name="SlopePerSecond">Trend in the series' unit per second.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct BreachForecast(
    double P5m, double P15m, double P60m, double MedianSeconds, double LowSeconds, double HighSeconds, double SlopePerSecond);
