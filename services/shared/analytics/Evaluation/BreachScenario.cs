namespace Forewarn.Analytics;

/// <summary>What happens to a generated series.</summary>
public enum BreachCourse
{
    /// <summary>Grows slowly until it breaks: about three to ten hours.</summary>
    Leak,

    /// <summary>Grows fast: about two to three hours.</summary>
    Ramp,

    /// <summary>Jumps to a new level below the limit, and stays there.</summary>
    Step,

    /// <summary>Swings widely every day, and every few hours as a saw-tooth.</summary>
    Cycle,

    /// <summary>A daily rhythm, noise and bursts, as all of them have.</summary>
    Nothing,
}

/// <summary>
/// A generated series on its way to a limit, or not: a level with a daily rhythm, autocorrelated noise and bursts of some
/// minutes, one sample a minute, two days long; what happens begins on the second day. The same course and seed give the
/// same series.
/// </summary>
public sealed class BreachScenario
{
    public const double Limit = 90;
    public const int SamplesPerDay = 1440;
    const int Samples = 2 * SamplesPerDay;

    /// <summary>What leads nowhere stays so far below the limit that bursts of up to 12 do not reach it.</summary>
    const double Highest = 70;

    BreachScenario(BreachCourse course, double[] values, int? onset, int? breach)
    {
        Course = course;
        Values = values;
        Onset = onset;
        Breach = breach;
    }

    public BreachCourse Course { get; }

    /// <summary>One a minute; a series that breaches ends there.</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>Sample at which the way to the limit begins; null when it leads nowhere.</summary>
    public int? Onset { get; }

    /// <summary>Sample at which the series, bursts and noise aside, reaches the limit.</summary>
    public int? Breach { get; }

    public static BreachScenario Generate(BreachCourse course, int seed)
    {
        var random = new SeededRandom(seed, 1 + (int)course);
        var level = random.Between(35, 50);
        var swing = random.Between(0, 8);
        var phase = random.Between(0, SamplesPerDay);
        var begin = SamplesPerDay + random.NextInt(SamplesPerDay / 3);
        var extra = Extra(course, begin, level + swing, random);
        var noise = new Noise(random, random.Between(0.5, 2.5));
        var values = new List<double>(Samples);
        for (var i = 0; i < Samples; i++)
        {
            var calm = level + (swing * Math.Sin(2 * Math.PI * (i + phase) / SamplesPerDay)) + extra(i);
            if (course is BreachCourse.Leak or BreachCourse.Ramp && calm >= Limit)
            {
                return new BreachScenario(course, [.. values], begin, i);
            }

            values.Add(Math.Clamp(calm + noise.Next(), 0, 100));
        }

        return new BreachScenario(course, [.. values], null, null);
    }

    static Func<int, double> Extra(BreachCourse course, int begin, double top, SeededRandom random)
    {
        var (height, period, amplitude) = (random.Between(10, 25), random.Between(120, 300), random.Between(4, 8));
        var minutes = course == BreachCourse.Leak ? random.Between(200, 600) : random.Between(100, 200);
        return course switch
        {
            BreachCourse.Leak or BreachCourse.Ramp => i => Math.Max(0, i - begin) * (Limit - top) / minutes,
            BreachCourse.Step => i => i < begin ? 0 : Math.Min(height, Highest - top),
            BreachCourse.Cycle => i => (amplitude * Math.Sin(2 * Math.PI * i / SamplesPerDay)) + (amplitude * (i % period) / period / 2),
            _ => _ => 0,
        };
    }

    /// <summary>First-order autoregression, with a burst of 3 to 15 minutes six times a day.</summary>
    sealed class Noise(SeededRandom random, double deviation)
    {
        const double Memory = 0.6;
        const double BurstChance = 1.0 / 240;

        double _state;
        int _left;
        double _burst;

        public double Next()
        {
            _state = (Memory * _state) + (Math.Sqrt(1 - (Memory * Memory)) * deviation * random.NextGaussian());
            if (_left == 0 && random.Chance(BurstChance))
            {
                (_left, _burst) = (3 + random.NextInt(13), random.Between(5, 12));
            }

            return _state + (_left > 0 && _left-- > 0 ? _burst : 0);
        }
    }
}
