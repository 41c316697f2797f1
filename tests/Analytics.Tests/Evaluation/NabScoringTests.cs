using CsCheck;

namespace Forewarn.Analytics.Tests.Evaluation;

public sealed class NabScoringTests
{
    const int Rows = 400;
    static readonly (int First, int Last)[] Windows = [(100, 139), (250, 289)];

    public static TheoryData<string> Profiles => [.. NabProfile.All.Select(profile => profile.Name)];

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_detector_that_never_fires_gets_nothing(string profile)
    {
        foreach (var curve in Curves(Series(_ => 0)))
        {
            curve.At(1, Of(profile), [1]).ShouldBe(0);
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_perfect_detector_gets_a_hundred(string profile)
    {
        foreach (var curve in Curves(Series(i => Windows.Any(window => window.First == i) ? 1 : 0)))
        {
            curve.Leaderboard(Of(profile)).Score.ShouldBe(100, 1e-9);
            curve.Leaderboard(Of(profile)).Threshold.ShouldBe(1);
        }
    }

    [Fact]
    public void Position_counts_as_NAB_says()
    {
        // The table in the documentation of NAB's scaledSigmoid.
        NabSeries.ScaledSigmoid(-1).ShouldBe(0.98661, 1e-5);
        NabSeries.ScaledSigmoid(-0.5).ShouldBe(0.84828, 1e-5);
        NabSeries.ScaledSigmoid(0).ShouldBe(0);
        NabSeries.ScaledSigmoid(1).ShouldBe(-0.98661, 1e-5);
        NabSeries.ScaledSigmoid(3.01).ShouldBe(-1);
    }

    [Fact]
    public void One_late_hit_and_two_false_alarms_add_up_by_hand()
    {
        // Row 130: the tenth from the right edge of 40; row 80: before any window; row 150: 11 behind a window of 40.
        var raw = (Sigmoid(-10.0 / 40) / Sigmoid(-1)) - 1 + (0.11 * (-1 + Sigmoid(11.0 / 39)));
        var expected = 100 * (raw + 2) / 4;
        foreach (var curve in Curves(Series(i => i is 80 or 130 or 150 ? 1 : 0)))
        {
            curve.At(1, NabProfile.Standard, [1]).ShouldBe(expected, 1e-9);
        }

        static double Sigmoid(double x) => (2 / (1 + Math.Exp(5 * x))) - 1;
    }

    [Fact]
    public void Nothing_counts_during_probation()
    {
        NabSeries.ProbationOf(Rows).ShouldBe(60);
        NabSeries.ProbationOf(22_695).ShouldBe(750);
        foreach (var curve in Curves(Series(i => i < 60 ? 1 : 0)))
        {
            curve.At(1, NabProfile.Standard, [1]).ShouldBe(0);
        }
    }

    [Fact]
    public void The_sweep_finds_what_trying_every_threshold_finds()
    {
        Gen.Int[0, 12].Array[Rows].Select(Gen.Int[0, 12].Array[Rows]).Sample((one, other) =>
        {
            NabSeries[] series = [Series(i => one[i]), Series(i => other[i])];
            var curve = new NabSweep(series);
            foreach (var profile in NabProfile.All)
            {
                var naive = Enumerable.Range(0, 14).Select(threshold => Naive(series, threshold, profile)).ToArray();
                curve.Leaderboard(profile).Score.ShouldBe(naive.Max(), 1e-9);
                curve.At(7, profile, [1, 1]).ShouldBe(naive[7], 1e-9);
            }
        }, iter: 10);
    }

    [Fact]
    public void A_file_drawn_twice_counts_as_two()
    {
        var random = new SeededRandom(3);
        var (one, other) = (Noise(random), Noise(random));
        foreach (var (pair, triple) in Curves(one, other).Zip(Curves(one, other, other)))
        {
            pair.Best(NabProfile.Standard, [1, 2]).Score.ShouldBe(triple.Leaderboard(NabProfile.Standard).Score, 1e-9);
        }
    }

    [Fact]
    public void Alarms_are_told_once_in_a_refractory_time()
    {
        var series = Series(i => i is >= 200 and < 240 ? 1 : 0);
        var curve = new NabRefractory([series]);

        // A fifth of 60 rows.
        curve.Alarms(0, 1).ShouldBe([200, 213, 226, 239]);
        curve.Alarms(0, 1.5).ShouldBeEmpty();
    }

    [Fact]
    public void A_score_that_never_changes_is_no_clock() =>
        new NabRefractory([Series(_ => 7)]).Leaderboard(NabProfile.Standard).ShouldBe(new NabPoint(double.PositiveInfinity, 0));

    [Fact]
    public void The_nested_threshold_comes_from_the_other_part()
    {
        // Each file alone is perfect at its own scale; with the other's threshold the second is blind.
        var curve = new NabSweep([Series(i => i == 100 || i == 250 ? 10 : 0), Series(i => i == 100 || i == 250 ? 1 : 0)]);
        var first = curve.At(1, NabProfile.Standard, [1, 0]);
        curve.Nested(NabProfile.Standard, [false, true], [1, 1]).ShouldBe((first + 0) / 2, 1e-9);
        curve.Leaderboard(NabProfile.Standard).Score.ShouldBe(100, 1e-9);
        curve.Nested(NabProfile.Standard, [false, false], [1, 1]).ShouldBe(double.NaN);
    }

    [Fact]
    public void Windows_out_of_order_are_refused() =>
        Should.Throw<ArgumentException>(() => new NabSeries(new double[Rows], [(100, 139), (120, 150)])).Message.ShouldContain("Window 1");

    static NabProfile Of(string name) => NabProfile.All.Single(profile => profile.Name == name);

    static NabCurve[] Curves(params NabSeries[] series) => [new NabSweep(series), new NabRefractory(series)];

    static NabSeries Series(Func<int, double> score) => new([.. Enumerable.Range(0, Rows).Select(score)], Windows);

    static NabSeries Noise(SeededRandom random) => Series(i => random.NextGaussian() + (Windows.Any(window => i >= window.First && i <= window.Last) ? 1 : 0));

    static double Naive(NabSeries[] all, double threshold, NabProfile profile)
    {
        double raw = 0;
        foreach (var series in all)
        {
            var best = Windows.Select(_ => -profile.Miss).ToArray();
            for (var i = series.Probation; i < Rows; i++)
            {
                if (series.Scores[i] < threshold)
                {
                    continue;
                }

                var window = Array.FindIndex(Windows, w => i >= w.First && i <= w.Last);
                if (window >= 0)
                {
                    var position = -(Windows[window].Last - i + 1) / 40.0;
                    best[window] = Math.Max(best[window], profile.Hit * NabSeries.ScaledSigmoid(position) / NabSeries.ScaledSigmoid(-1));
                }
                else
                {
                    var behind = Windows.Where(w => w.Last < i).Select(w => w.Last).LastOrDefault(-1);
                    raw += profile.FalseAlarm * (behind < 0 ? -1 : NabSeries.ScaledSigmoid((i - behind) / 39.0));
                }
            }

            raw += best.Sum();
        }

        var windows = all.Length * Windows.Length;
        return 100 * (raw + (profile.Miss * windows)) / ((profile.Hit * windows) + (profile.Miss * windows));
    }
}
