namespace Forewarn.Analytics;

/// <summary>
/// What is calibrated: the model's score plus how far the row lies beyond ordinary deviations. Isolation trees cannot
/// extrapolate (Liu, Ting, Zhou 2008: a row beyond all splits ends in the outermost leaf): four deviations and forty both
/// score about 0.8, and a fault would be no stranger than the worst minute of an ordinary day. Any other score that is
/// bounded has the same end. Below three deviations nothing is added, so the order of ordinary rows is the model's.
/// </summary>
public static class Strangeness
{
    /// <summary>Score per natural-log step beyond <see cref="Ordinary"/> and entry: on simulated hosts it found what 0.04 missed and opened no more.</summary>
    const float Reach = 0.1f;

    /// <summary>log(1 + 3): three robust standard deviations, as rows hold them.</summary>
    static readonly float Ordinary = MathF.Log(1 + 3);

    /// <param name="score">The model's score in (0, 1].</param>
    /// <param name="row">The row it scored, <see cref="RowSpec.Count"/> long.</param>
    public static float Of(float score, ReadOnlySpan<float> row)
    {
        // Not the strongest series alone: one that strays by itself is usually an ordinary job.
        var beyond = Beyond(row[RowSpec.LevelSecond]) + Beyond(row[RowSpec.LevelThird]) + Beyond(row[RowSpec.LevelTop5]);
        return score + (Reach * beyond);
    }

    static float Beyond(float level) => Math.Max(0, level - Ordinary);
}
