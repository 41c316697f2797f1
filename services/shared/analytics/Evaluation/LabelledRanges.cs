namespace Forewarn.Analytics;

/// <summary>Runs of labelled points.</summary>
public static class LabelledRanges
{
    /// <summary>First and last point of each run, ascending.</summary>
    public static IReadOnlyList<(int First, int Last)> Of(ReadOnlySpan<bool> labels)
    {
        var ranges = new List<(int, int)>();
        for (var i = 0; i < labels.Length; i++)
        {
            if (!labels[i])
            {
                continue;
            }

            var first = i;
            while (i + 1 < labels.Length && labels[i + 1])
            {
                i++;
            }

            ranges.Add((first, i));
        }

        return ranges;
    }
}
