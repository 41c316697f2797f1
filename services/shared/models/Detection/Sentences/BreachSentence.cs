using System.Globalization;
using Forewarn.Contracts;

namespace Forewarn.Models;

/// <summary>Says which limit is going to be hit and when, or what became of that, in one sentence.</summary>
static class BreachSentence
{
    const double DaySeconds = 86_400;

    /// <summary><c>system.memory.utilization reaches 100 % in about 4 min (3 to 6 min) if it goes on like this; now at 81 %</c></summary>
    public static string Of(SeriesColumn column, double value, Forecast forecast)
    {
        var name = SeriesName.Of(column);
        var limit = Quantity.Of(forecast.Limit, column.Name, column.Unit);
        var now = Quantity.Of(value, column.Name, column.Unit);
        return forecast.Course switch
        {
            ForecastCourse.Reached => $"{name} has reached its limit of {limit}",
            ForecastCourse.Reset => $"{name} fell back at once, away from {limit}; now at {now}",
            ForecastCourse.Receded => $"{name} no longer goes to {limit}; now at {now}",
            _ => $"{name} reaches {limit} in about {Duration(forecast.MedianSeconds)} ({Interval(forecast)}) if it goes on like this; now at {now}",
        };
    }

    static string Interval(Forecast forecast)
    {
        var low = Duration(forecast.LowSeconds);
        if (forecast.HighSeconds > DaySeconds)
            return $"{low} or later";
        var high = Duration(forecast.HighSeconds);
        return low == high ? $"within {high}" : $"{low} to {high}";
    }

    static string Duration(double seconds) => seconds switch
    {
        < 90 => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, Math.Round(seconds))} s"),
        < 5400 => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(seconds / 60)} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0.#} h"),
    };
}
