namespace Forewarn.Analytics;

/// <summary>
/// What to expect of an hour of the week when few weeks were seen: all hours, refined by the hour of the day, by weekdays and
/// weekends, and by the day itself. Each refinement counts n / (n + k), where k is the variance from day to day over the
/// variance among what is refined (empirical Bayes: Efron, Morris 1975): what does not differ beyond chance is not told apart.
/// </summary>
static class WeeklyShrinkage
{
    const int DayHours = 24;
    const int Days = 7;

    /// <summary>Pairs of the same hour on two days running: below half a day of them nothing is known.</summary>
    const int PairsNeeded = 12;

    // A square of a normal deviate is below this half of the time.
    const double MedianOfSquares = 0.455;

    /// <param name="cells">All hours.</param>
    /// <param name="index">The hour of the week.</param>
    /// <param name="level">Expected mean, in steps.</param>
    /// <param name="spread">Expected deviation of its minutes, in steps; 0 when not known.</param>
    /// <returns>False when too little is known.</returns>
    public static bool TryExpect(ReadOnlySpan<WeeklyCell> cells, int index, out double level, out double spread)
    {
        (level, spread) = (0, 0);
        if (!TryNoise(cells, out var noise))
        {
            return false;
        }

        Span<double> expected = stackalloc double[WeeklyProfile.Hours];
        expected.Fill(MedianOfKnown(cells));
        Refine(cells, expected, [0, Days], noise);
        Refine(cells, expected, [0, 5, Days], noise);
        Refine(cells, expected, [0, 1, 2, 3, 4, 5, 6, Days], noise);
        level = expected[index];
        spread = WeeklyCell.SpreadOf(SpreadAt(cells, index));
        return true;
    }

    /// <summary>Variance of an hour's mean from one day to the next, unmoved by the few that differ.</summary>
    static bool TryNoise(ReadOnlySpan<WeeklyCell> cells, out double noise)
    {
        Span<double> squares = stackalloc double[WeeklyProfile.Hours];
        var count = 0;
        for (var i = 0; i < cells.Length; i++)
        {
            ref readonly var before = ref cells[(i + cells.Length - DayHours) % cells.Length];
            if (cells[i].Weeks > 0 && before.Weeks > 0)
            {
                var step = cells[i].Last - before.Last;
                squares[count++] = step * step / 2;
            }
        }

        noise = count == 0 ? 0 : Median(squares[..count]) / MedianOfSquares;
        return count >= PairsNeeded;
    }

    static double MedianOfKnown(ReadOnlySpan<WeeklyCell> cells)
    {
        Span<double> levels = stackalloc double[WeeklyProfile.Hours];
        var count = 0;
        foreach (ref readonly var cell in cells)
        {
            if (cell.Weeks > 0)
            {
                levels[count++] = cell.Level;
            }
        }

        return Median(levels[..count]);
    }

    /// <param name="cells">All hours.</param>
    /// <param name="expected">What is expected of each, which becomes finer.</param>
    /// <param name="bounds">Days from one to the next belong together.</param>
    /// <param name="noise">Variance of a mean.</param>
    static void Refine(ReadOnlySpan<WeeklyCell> cells, Span<double> expected, ReadOnlySpan<int> bounds, double noise)
    {
        Span<double> typical = stackalloc double[WeeklyProfile.Hours];
        Span<int> seen = stackalloc int[WeeklyProfile.Hours];
        double squares = 0, chance = 0;
        var groups = 0;
        for (var group = 0; group + 1 < bounds.Length; group++)
        {
            for (var hour = 0; hour < DayHours; hour++)
            {
                var at = (bounds[group] * DayHours) + hour;
                seen[at] = Typical(cells, bounds[group], bounds[group + 1], hour, expected[at], out typical[at]);
                if (seen[at] > 0)
                {
                    var step = typical[at] - expected[at];
                    squares += step * step;
                    chance += noise / seen[at];
                    groups++;
                }
            }
        }

        var between = groups == 0 ? 0 : Math.Max(0, (squares - chance) / groups);
        for (var group = 0; group + 1 < bounds.Length && between > 0; group++)
        {
            for (var hour = 0; hour < DayHours; hour++)
            {
                var at = (bounds[group] * DayHours) + hour;
                var step = seen[at] == 0 ? 0 : (typical[at] - expected[at]) * seen[at] / (seen[at] + (noise / between));
                for (var day = bounds[group]; day < bounds[group + 1]; day++)
                {
                    expected[(day * DayHours) + hour] += step;
                }
            }
        }
    }

    /// <summary>What an hour is like on days that belong together; one observation alone proves nothing, of two the nearer to <paramref name="prior"/> counts.</summary>
    /// <returns>How many observations speak; 0 for too few.</returns>
    static int Typical(ReadOnlySpan<WeeklyCell> cells, int from, int to, int hour, double prior, out double typical)
    {
        Span<double> levels = stackalloc double[Days];
        typical = prior;
        var count = 0;
        for (var day = from; day < to; day++)
        {
            ref readonly var cell = ref cells[(day * DayHours) + hour];
            if (cell.Weeks > 0)
            {
                levels[count++] = cell.Level;
            }
        }

        if (to - from == 1)
        {
            typical = levels[0];
            return cells[(from * DayHours) + hour].Weeks is var weeks and > 1 ? weeks : 0;
        }

        if (count < 2)
        {
            return 0;
        }

        typical = count == 2 ? WeeklyCell.Median(prior, levels[0], levels[1]) : Median(levels[..count]);
        return count;
    }

    /// <summary>Of the hour itself when two weeks agree, else of the same hour on such days.</summary>
    static byte SpreadAt(ReadOnlySpan<WeeklyCell> cells, int index)
    {
        if (cells[index].Weeks > 1)
        {
            return cells[index].SpreadCode;
        }

        Span<byte> codes = stackalloc byte[Days];
        var (hour, count) = (index % DayHours, 0);
        var (from, to) = index / DayHours < 5 ? (0, 5) : (5, Days);
        for (var day = from; day < to; day++)
        {
            if (cells[(day * DayHours) + hour].Weeks > 0)
            {
                codes[count++] = cells[(day * DayHours) + hour].SpreadCode;
            }
        }

        // Of two the smaller: both have to be as restless.
        codes[..count].Sort();
        return count < 2 ? (byte)0 : codes[(count - 1) / 2];
    }

    static double Median(Span<double> values)
    {
        values.Sort();
        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }
}
