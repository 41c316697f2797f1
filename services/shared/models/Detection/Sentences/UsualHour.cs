using System.Globalization;
using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.Models;

/// <summary>Says when a normal range holds: always, or at the hour of the week that it was learned for.</summary>
static class UsualHour
{
    public const string Always = "normally";

    /// <summary><c>normally</c>, or <c>on Mondays at 03:00 UTC normally</c> where the hour of the week explains something.</summary>
    public static string Of(FeatureTick tick, int column)
    {
        // Exactly 0 without a rhythm; NaN when masked.
        if (column < 0 || !(Math.Abs(tick.Features[(column * FeatureSpec.Count) + FeatureSpec.Season]) > 0))
            return Always;
        var time = DateTimeOffset.FromUnixTimeMilliseconds(tick.T);
        return string.Create(CultureInfo.InvariantCulture, $"on {time.DayOfWeek}s at {time.Hour:00}:00 UTC {Always}");
    }

    /// <summary>Of the strongest contributor.</summary>
    public static string Of(FeatureTick tick, SeriesSchema schema, IReadOnlyList<Contributor> contributors)
    {
        for (var i = 0; i < schema.Columns.Count && contributors.Count > 0; i++)
        {
            if (schema.Columns[i].Id == contributors[0].Series)
                return Of(tick, i);
        }
        return Always;
    }
}
