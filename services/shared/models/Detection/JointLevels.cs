using Forewarn.Analytics;

namespace Forewarn.Models;

/// <summary>When a joint score is an alarm, by cadence, budget or a plain threshold.</summary>
public static class JointLevels
{
    /// <summary>Joint scores have no upper end; half of the scale of all scores is where evidence begins.</summary>
    const double Half = 6;

    const double MostP = 0.05;

    /// <summary>A joint score on the scale of all scores, 0 to 1.</summary>
    public static float Scaled(double score) => (float)(score / (score + Half));

    /// <summary>
    /// Rules that spend the budget: on minutes the measured level of a minute in proportion to it, on seconds that of <see cref="AlarmLevel"/>
    /// with as many ticks in a row as the model of everybody needs in all. A plain threshold, on the scale of <see cref="Scaled"/>, takes the place of both conditions.
    /// </summary>
    public static JointRules RulesFor(CadenceRules cadence, DetectorOptions options)
    {
        ArgumentNullException.ThrowIfNull(cadence);
        ArgumentNullException.ThrowIfNull(options);
        var rules = cadence == CadenceRules.Minutes
            ? JointRules.Minutes with { PValue = Math.Min(MostP, JointRules.Minutes.PValue * options.FalseAlarmsPerWeek / DetectorOptions.UsualFalseAlarms) }
            : JointRules.Seconds with { PValue = AlarmLevel.PValue(options.FalseAlarmsPerWeek, cadence) };
        return options.Threshold is not { } threshold
            ? rules
            : rules with { PValue = 1, Surplus = 0, Evidence = threshold >= 1 ? double.PositiveInfinity : Half * threshold / (1 - threshold) };
    }
}
