namespace Forewarn.Analytics;

/// <summary>
/// What is calibrated: the forest's score plus how far out the row lies. Isolation trees cannot extrapolate (Liu, Ting,
/// Zhou 2008: a row beyond all splits ends in the outermost leaf): the worst minute of an ordinary day and a machine on
/// fire both score about 0.8. The second term keeps them apart; among ordinary rows it hardly changes the order.
/// </summary>
public static class Strangeness
{
    /// <summary>Score per natural-log step of root-mean-square level. 0: with 0.1 a fault of few series (latency) was missed in system runs.</summary>
    const float Reach = 0f;

    /// <param name="score">The model's score in (0, 1].</param>
    /// <param name="row">The row it scored, <see cref="RowSpec.Count"/> long.</param>
    public static float Of(float score, ReadOnlySpan<float> row) => score + (Reach * row[RowSpec.LevelRms]);
}
