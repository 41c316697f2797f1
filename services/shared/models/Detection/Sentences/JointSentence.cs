using System.Globalization;
using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.Models;

/// <summary>Says why a tick is strange, in one sentence.</summary>
static class JointSentence
{
    const double Rarest = 1e9;

    /// <summary><c>system.cpu.utilization (user) at 97 %, normally 3 to 12 %; 4 more metrics are off; seen on 1 in 40,000 ticks</c></summary>
    /// <param name="contributors">Strongest first.</param>
    /// <param name="off">How many series are off in all.</param>
    /// <param name="tail">How rare the score is.</param>
    /// <param name="normally">When the range of the first holds, by <see cref="UsualHour"/>.</param>
    public static string Of(IReadOnlyList<Contributor> contributors, int off, TailProbability tail, string normally = UsualHour.Always)
    {
        if (contributors.Count == 0)
            return $"the metrics together are unusual; {Rarity(tail)}";
        var top = contributors[0];
        var what = $"{SeriesName.Of(top.Name, top.Labels)} at {Quantity.Of(top.Value, top.Name, top.Unit)}, "
            + $"{normally} {Quantity.Range(top.Low, top.High, top.Name, top.Unit)}";
        return $"{what}{Others(off - 1)}; {Rarity(tail)}";
    }

    /// <summary>
    /// As above where the joint model decides: a metric within its own range is strange by its company, and what that lets expect says
    /// so. <c>system.memory.usage (cached) at 7.74 GiB, where the other metrics let expect 6.9 GiB; ...</c>
    /// </summary>
    public static string OfCompany(IReadOnlyList<Contributor> contributors, int off, TailProbability tail, string normally = UsualHour.Always)
    {
        if (contributors is not [var top, ..] || top.Value < top.Low || top.Value > top.High)
            return Of(contributors, off, tail, normally);
        var name = SeriesName.Of(top.Name, top.Labels);
        var (value, expected) = (Quantity.Of(top.Value, top.Name, top.Unit), Quantity.Of(top.Expected, top.Name, top.Unit));
        var what = value == expected
            ? $"{name} at {value} moves as never before beside the others"
            : $"{name} at {value}, where the other metrics let expect {expected}";
        return $"{what}{Others(off - 1)}; {Rarity(tail)}";
    }

    static string Others(int others)
    {
        return others switch
        {
            <= 0 => "",
            1 => "; 1 more metric is off",
            _ => string.Create(CultureInfo.InvariantCulture, $"; {others} more metrics are off"),
        };
    }

    public static string Rarity(TailProbability tail)
    {
        if (tail.P >= 0.5)
            return "seen on most ticks";
        var oneIn = 1 / tail.P;
        if (oneIn > Rarest)
            return "estimated less than 1 in a billion ticks";
        var magnitude = Math.Pow(10, Math.Max(0, Math.Floor(Math.Log10(oneIn)) - 1));
        var rounded = Math.Round(oneIn / magnitude) * magnitude;
        return string.Create(CultureInfo.InvariantCulture, $"{(tail.Extrapolated ? "estimated" : "seen on")} 1 in {rounded:#,0} ticks");
    }
}
