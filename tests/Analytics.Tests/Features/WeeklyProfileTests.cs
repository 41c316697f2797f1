namespace Forewarn.Analytics.Tests.Features;

public sealed class WeeklyProfileTests
{
    /// <summary>A Monday, 00:00 UTC.</summary>
    const long Monday = 1_704_067_200_000;

    const int Hour = 3_600_000;
    const int WednesdayAt15 = (2 * 24) + 15;

    readonly SeededRandom _random = new(5);

    [Fact]
    public void One_odd_hour_is_not_expected_the_next_week_and_a_habit_of_two_weeks_is()
    {
        for (var odd = 0; odd < 4; odd++)
        {
            var profile = new WeeklyProfile("1");
            Feed(profile, 0, 168 * (odd + 1), hour => hour == (168 * odd) + WednesdayAt15 ? 5 : 0.5);
            Level(profile, (168 * (odd + 1)) + WednesdayAt15).ShouldBe(0.5, 0.05, $"a fault in week {odd + 1}");

            Feed(profile, 168 * (odd + 1), 168 * (odd + 3), hour => hour % 168 == WednesdayAt15 ? 5 : 0.5);
            Level(profile, (168 * (odd + 3)) + WednesdayAt15).ShouldBe(5, 0.1);
            Level(profile, (168 * (odd + 3)) + WednesdayAt15 + 24).ShouldBe(0.5, 0.05);
        }
    }

    [Fact]
    public void A_habit_that_is_missed_once_is_kept_and_one_that_ended_is_forgotten_in_two_weeks()
    {
        var profile = new WeeklyProfile("1");
        Feed(profile, 0, 168 * 4, hour => hour % 168 == WednesdayAt15 ? 5 : 0.5);
        Feed(profile, 168 * 4, 168 * 5, _ => 0.5);
        Level(profile, (168 * 5) + WednesdayAt15).ShouldBe(5, 0.1);
        Feed(profile, 168 * 5, 168 * 6, _ => 0.5);
        Level(profile, (168 * 6) + WednesdayAt15).ShouldBe(0.5, 0.05);
    }

    [Fact]
    public void An_hour_never_seen_is_expected_to_be_as_it_was_on_other_days_and_weekends_apart_once_they_were_seen()
    {
        static double Working(int hour) => hour % 24 is >= 8 and < 18 ? 0.8 : 0.2;
        var profile = new WeeklyProfile("1");
        profile.At(Monday).IsKnown.ShouldBeFalse();
        Feed(profile, 0, 72, Working);
        Level(profile, 72 + 12).ShouldBe(0.8, 0.03);
        Level(profile, 72 + 3).ShouldBe(0.2, 0.03);

        Feed(profile, 72, 168, hour => hour >= 120 ? 0.2 : Working(hour));
        Level(profile, 168 + 12).ShouldBe(0.8, 0.03);
        Level(profile, 168 + 120 + 12).ShouldBe(0.2, 0.15, "two days of a weekend");
        Feed(profile, 168, 336, hour => hour % 168 >= 120 ? 0.2 : Working(hour));
        Level(profile, 336 + 144 + 12).ShouldBe(0.2, 0.03);
    }

    [Fact]
    public void Without_a_rhythm_hours_are_hardly_told_apart()
    {
        var profile = new WeeklyProfile("1");
        double[] own = [.. Enumerable.Range(0, 3 * 168).Select(_ => _random.NextGaussian())];
        Feed(profile, 0, own.Length, hour => 10 + own[hour % own.Length]);
        var levels = Enumerable.Range(own.Length, 168).Select(hour => Level(profile, hour)).ToList();
        var mean = levels.Average();
        Math.Sqrt(levels.Average(level => (level - mean) * (level - mean))).ShouldBeLessThan(0.4, "an hour's mean differs by 1 by chance");
    }

    [Fact]
    public void The_spread_is_that_of_an_hours_minutes_and_two_weeks_have_to_agree_on_it()
    {
        var profile = new WeeklyProfile("1");
        Feed(profile, 0, 168, _ => 0.5, minute => minute < 20 ? 3 : 0, at: WednesdayAt15);
        profile.At(TimeOf(168 + WednesdayAt15)).Spread.ShouldBeLessThan(0.05);
        Feed(profile, 168, 336, _ => 0.5, minute => minute < 20 ? 3 : 0, at: WednesdayAt15);
        profile.At(TimeOf(336 + WednesdayAt15)).Spread.ShouldBe(3 * Math.Sqrt(2) / 3, 0.2);
        profile.At(TimeOf(336 + WednesdayAt15 + 1)).Spread.ShouldBeLessThan(0.05);
    }

    [Fact]
    public void Amounts_are_learned_as_logarithms_and_large_levels_keep_their_precision()
    {
        var bytes = new WeeklyProfile("By");
        Feed(bytes, 0, 72, hour => hour % 24 == 3 ? 8e12 : 4e12);
        (Level(bytes, 75) - Level(bytes, 76)).ShouldBe(Math.Log(2), 0.05);

        var pressure = new WeeklyProfile("Pa");
        Feed(pressure, 0, 72, hour => hour % 24 == 3 ? 1.2e8 : 1e8);
        (Level(pressure, 75) - Level(pressure, 76)).ShouldBe(2e7, 4e5);
    }

    [Fact]
    public void A_series_of_less_than_three_values_an_hour_or_back_after_four_weeks_has_no_profile()
    {
        var seldom = new WeeklyProfile("1");
        for (var half = 0; half < 4 * 168; half++)
        {
            seldom.Add(Monday + (half * Hour / 2L), 1);
        }

        seldom.At(TimeOf(336)).IsKnown.ShouldBeFalse();

        var back = new WeeklyProfile("1");
        Feed(back, 0, 168, _ => 1);
        back.At(TimeOf(168)).IsKnown.ShouldBeTrue();
        Feed(back, 6 * 168, (6 * 168) + 2, _ => 1);
        back.At(TimeOf((6 * 168) + 2)).IsKnown.ShouldBeFalse();
    }

    [Fact]
    public void What_is_missing_late_or_no_number_is_passed_over()
    {
        var (profile, clean) = (new WeeklyProfile("1"), new WeeklyProfile("1"));
        for (var minute = 0; minute < 5000; minute++)
        {
            var t = Monday + (minute * 60_000L);
            var value = _random.NextDouble();
            clean.Add(t, value);
            profile.Add(t, value);
            profile.Add(t, double.NaN);
            profile.Add(t, double.PositiveInfinity);
            profile.Add(t - Hour, 1e9);
        }

        Bytes(profile).ShouldBe(Bytes(clean));
    }

    [Fact]
    public void A_restored_profile_continues_exactly()
    {
        var profile = new WeeklyProfile("By/s");
        for (var hour = 0; hour < 500; hour++)
        {
            Feed(profile, hour, hour + 1, h => 1e6 * (2 + Math.Sin(h)));
            var copy = Copy(profile);
            copy.At(TimeOf(hour)).ShouldBe(profile.At(TimeOf(hour)));
            profile.At(TimeOf(hour + 1));
            copy.At(TimeOf(hour + 1));
            Bytes(copy).ShouldBe(Bytes(profile));
            profile = copy;
        }
    }

    [Fact]
    public void State_is_below_a_kilobyte_and_a_half_and_nothing_is_allocated()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var profile = new WeeklyProfile("1");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1536);

        Feed(profile, 0, 400, hour => hour % 24);
        before = GC.GetAllocatedBytesForCurrentThread();
        for (var minute = 400 * 60; minute < 402 * 60; minute++)
        {
            profile.Add(Monday + (minute * 60_000L), minute);
            profile.At(Monday + (minute * 60_000L));
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void A_series_takes_less_than_twenty_kilobytes_on_both_cadences_with_profile_and_forecast()
    {
        SeriesFeatures[] features = new SeriesFeatures[2];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < features.Length; i++)
        {
            features[i] = new SeriesFeatures("1");
        }

        var profile = new WeeklyProfile("1");
        var forecaster = new BreachForecaster(1);
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        TestContext.Current.SendDiagnosticMessage($"{bytes} bytes a series");
        bytes.ShouldBeLessThan(20_000);
        GC.KeepAlive((features, profile, forecaster));
    }

    [Fact]
    public void A_foreign_or_damaged_checkpoint_is_refused()
    {
        var profile = new WeeklyProfile("1");
        Feed(profile, 0, 200, hour => hour);
        var written = Bytes(profile);
        Refused(0, 9);

        // Behind version, unit, hour, count and four numbers of eight bytes: weeks, then two numbers of half precision.
        const int cells = 1 + 2 + 8 + 4 + (4 * 8);
        Refused(cells, 200);
        Refused(cells + 2, 0x7c);
        Should.Throw<EndOfStreamException>(() => WeeklyProfile.Read(new BinaryReader(new MemoryStream(written[..^1]))));

        void Refused(int at, byte value)
        {
            var bytes = (byte[])written.Clone();
            bytes[at] = value;
            Should.Throw<InvalidDataException>(() => WeeklyProfile.Read(new BinaryReader(new MemoryStream(bytes)))).Message.ShouldContain("discard it");
        }
    }

    /// <summary>Six values an hour, or with <paramref name="minutes"/> sixty in the hour <paramref name="at"/> of each week.</summary>
    void Feed(WeeklyProfile profile, int from, int to, Func<int, double> level, Func<int, double>? minutes = null, int at = -1)
    {
        for (var hour = from; hour < to; hour++)
        {
            for (var minute = 0; minute < 60; minute += 10)
            {
                var extra = minutes is not null && hour % 168 == at ? minutes(minute) : 0;
                profile.Add(TimeOf(hour) + (minute * 60_000L), level(hour) + extra + (0.01 * _random.NextGaussian()));
            }
        }

        // The hour is over with the first minute of the next.
        profile.Add(TimeOf(to), level(to));
    }

    static long TimeOf(int hour) => Monday + ((long)hour * Hour);

    static double Level(WeeklyProfile profile, int hour)
    {
        var usual = profile.At(TimeOf(hour));
        usual.IsKnown.ShouldBeTrue();
        return usual.Level;
    }

    static byte[] Bytes(WeeklyProfile profile)
    {
        using var stream = new MemoryStream();
        profile.Write(new BinaryWriter(stream));
        return stream.ToArray();
    }

    static WeeklyProfile Copy(WeeklyProfile profile) => WeeklyProfile.Read(new BinaryReader(new MemoryStream(Bytes(profile))));
}
