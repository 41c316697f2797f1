namespace Forewarn.Analytics.Tests.Features;

/// <summary>Features against the hour of the week, over weeks of minutes.</summary>
public sealed class SeasonTests
{
    const long Monday = 1_704_067_200_000;
    const int Week = 7 * 1440;

    [Fact]
    public void A_series_without_a_rhythm_has_the_features_it_has_without_a_profile()
    {
        var (walk, random) = (0.0, new SeededRandom(2));
        Compare(4 * Week, _ =>
        {
            walk = (0.999 * walk) + random.NextGaussian();
            return 1000 + walk + (5 * random.NextGaussian());
        }, (_, plain, seasonal) => seasonal.ShouldBe(plain));
    }

    [Fact]
    public void A_nightly_job_becomes_usual_at_its_hour_and_stays_as_strange_as_ever_at_another()
    {
        var random = new SeededRandom(3);
        double atItsHour = 0, without = 0, atAnother = 0, plainAtAnother = 0, quiet = 0;
        Compare(3 * Week, minute =>
        {
            var isJob = minute % 1440 is >= 185 and < 205 || minute is >= (20 * 1440) + 900 and < (20 * 1440) + 920;
            return (isJob ? 8e6 : 1e6) * (1 + (0.05 * random.NextGaussian()));
        }, (minute, plain, seasonal) =>
        {
            var (day, of) = (minute / 1440, minute % 1440);
            if (day < 14)
            {
                return;
            }

            // What only the profile finds strange is not in the z features.
            Math.Abs(seasonal[FeatureSpec.Z]).ShouldBeLessThanOrEqualTo(Math.Abs(plain[FeatureSpec.Z]));
            Math.Abs(seasonal[FeatureSpec.ZLevel]).ShouldBeLessThanOrEqualTo(Math.Abs(plain[FeatureSpec.ZLevel]));
            if (of is >= 185 and < 205)
            {
                (atItsHour, without) = (Math.Max(atItsHour, seasonal[FeatureSpec.Z]), Math.Max(without, plain[FeatureSpec.Z]));
                seasonal[FeatureSpec.Value].ShouldBeLessThan(seasonal[FeatureSpec.Baseline] + (3 * seasonal[FeatureSpec.Scale]));
            }
            else if (day == 20 && of is >= 900 and < 920)
            {
                (atAnother, plainAtAnother) = (Math.Max(atAnother, seasonal[FeatureSpec.Z]), Math.Max(plainAtAnother, plain[FeatureSpec.Z]));
            }
            else if (of is > 300 and < 800)
            {
                quiet = Math.Max(quiet, Math.Abs(seasonal[FeatureSpec.Baseline] / 1e6 - 1));
            }
        });
        without.ShouldBeGreaterThan(6);
        atItsHour.ShouldBeLessThan(3);
        atAnother.ShouldBe(plainAtAnother, 0.5);
        quiet.ShouldBeLessThan(0.1);
    }

    [Fact]
    public void The_baseline_leads_a_daily_rhythm_instead_of_running_after_it_and_follows_a_new_level()
    {
        var random = new SeededRandom(4);
        double plainError = 0, seasonalError = 0, far = 0;
        Compare(5 * Week, minute =>
            (minute < 4 * Week ? 1 : 3) * 1e6 * (2 + Math.Sin(2 * Math.PI * minute / 1440)) * (1 + (0.03 * random.NextGaussian())),
            (minute, plain, seasonal) =>
            {
                if (minute is >= 2 * Week and < 4 * Week)
                {
                    plainError += Square(Math.Log(plain[FeatureSpec.Value] / plain[FeatureSpec.Baseline]));
                    seasonalError += Square(Math.Log(seasonal[FeatureSpec.Value] / seasonal[FeatureSpec.Baseline]));
                    far = Math.Max(far, Math.Abs(seasonal[FeatureSpec.Season]));
                }
                else if (minute >= (4 * Week) + 600)
                {
                    seasonal[FeatureSpec.Baseline].ShouldBe(seasonal[FeatureSpec.Value], 0.45f * seasonal[FeatureSpec.Value]);
                }
            });
        seasonalError.ShouldBeLessThan(0.15 * plainError);
        far.ShouldBeInRange(0.5, 8);
    }

    [Fact]
    public void Restored_features_continue_exactly_with_what_they_know_of_the_season()
    {
        var random = new SeededRandom(5);
        var (profile, series) = (new WeeklyProfile("By/s"), new SeriesFeatures("By/s"));
        SeriesFeatures? copy = null;
        float[] features = new float[FeatureSpec.Count], again = new float[FeatureSpec.Count];
        var seasons = 0;
        for (var minute = 0; minute < 10 * 1440; minute++)
        {
            var t = Monday + (minute * 60_000L);
            var value = 1e6 * (2 + Math.Sin(2 * Math.PI * minute / 1440)) * (1 + (0.03 * random.NextGaussian()));
            series.Update(t, value, features, profile.At(t));
            copy?.Update(t, value, again, profile.At(t));
            profile.Add(t, value);
            if (copy is not null)
            {
                again.ShouldBe(features);
                seasons += again[FeatureSpec.Season] != 0 ? 1 : 0;
            }

            if (minute % 1009 == 0)
            {
                using var stream = new MemoryStream();
                series.Write(new BinaryWriter(stream));
                copy = SeriesFeatures.Read(new BinaryReader(new MemoryStream(stream.ToArray())));
            }
        }

        seasons.ShouldBeGreaterThan(1440);
    }

    static void Compare(int minutes, Func<int, double> value, Action<int, float[], float[]> judge)
    {
        var (profile, plain, seasonal) = (new WeeklyProfile("By/s"), new SeriesFeatures("By/s"), new SeriesFeatures("By/s"));
        float[] without = new float[FeatureSpec.Count], with = new float[FeatureSpec.Count];
        for (var minute = 0; minute < minutes; minute++)
        {
            var t = Monday + (minute * 60_000L);
            var now = value(minute);
            plain.Update(t, now, without);
            seasonal.Update(t, now, with, profile.At(t));
            profile.Add(t, now);
            judge(minute, without, with);
        }
    }

    static double Square(double x) => x * x;
}
