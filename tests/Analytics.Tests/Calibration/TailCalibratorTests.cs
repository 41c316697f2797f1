namespace Forewarn.Analytics.Tests.Calibration;

public sealed class TailCalibratorTests(ITestOutputHelper output)
{
    const int Day = 86_400;
    static readonly TimeSpan Horizon = TimeSpan.FromDays(5);

    [Theory]
    [InlineData(1e-2)]
    [InlineData(1e-3)]
    public void Realised_exceedance_meets_the_level_at_any_scale(double level)
    {
        long beyond = 0, counted = 0;
        for (var seed = 1; seed <= 20; seed++)
        {
            var random = new SeededRandom(seed);
            double location = random.Between(-5, 5), scale = Math.Exp(random.Between(-4, 4));
            var calibrator = new TailCalibrator(PriorOf(random, location + scale, 2 * scale), Horizon);
            for (var t = 0; t < 30_000; t++)
            {
                var score = location + (scale * random.NextGaussian());
                if (t >= 5_000)
                {
                    beyond += calibrator.Evaluate(score).P <= level ? 1 : 0;
                    counted++;
                }

                calibrator.Admit(t * 1000L, score);
            }
        }

        var realised = beyond / (double)counted;
        output.WriteLine($"level {level}: realised {realised:E2}");
        realised.ShouldBeInRange(0.7 * level, 1.3 * level);
    }

    [Fact]
    public void Ten_minutes_of_anomaly_do_not_poison_it()
    {
        var random = new SeededRandom(21);
        var calibrator = Trained(random, 3600);
        var before = calibrator.Evaluate(8);
        for (var t = 3600; t < 4200; t++)
        {
            calibrator.Admit(t * 1000L, 8 + (0.1 * random.NextGaussian()));
        }

        var after = calibrator.Evaluate(8);
        var beyond = 0;
        for (var t = 4200; t < 14_200; t++)
        {
            var score = random.NextGaussian();
            beyond += calibrator.Evaluate(score).P <= 1e-2 ? 1 : 0;
            calibrator.Admit(t * 1000L, score);
        }

        output.WriteLine($"p of the anomaly before {before.P:E1}, after {after.P:E1}; exceedance of 1e-2 afterwards {beyond / 10_000.0:E2}");
        before.P.ShouldBeLessThan(1e-4);
        before.Extrapolated.ShouldBeTrue();
        after.P.ShouldBeLessThan(1e-4);
        (beyond / 10_000.0).ShouldBeInRange(0.006, 0.014);
    }

    [Fact]
    public void A_level_that_stays_becomes_normal_within_hours()
    {
        var random = new SeededRandom(22);
        var calibrator = Trained(random, 4 * 3600);
        var recent = 0;
        for (var t = 4 * 3600; t < 12 * 3600; t++)
        {
            var score = 6 + random.NextGaussian();
            recent = t >= 11 * 3600 ? recent + (calibrator.Evaluate(score).P <= 1e-3 ? 1 : 0) : 0;
            calibrator.Admit(t * 1000L, score);
        }

        recent.ShouldBeLessThan(3600 / 50);
    }

    [Fact]
    public void Winsorising_does_not_run_away_on_heavy_tails()
    {
        var random = new SeededRandom(23);
        var calibrator = new TailCalibrator(PriorOf(random, 0, 1), Horizon);
        var beyond = 0;
        for (var t = 0; t < 2 * Day; t++)
        {
            var score = random.NextExponential(1) * (random.Chance(0.05) ? 4 : 1);
            beyond += t >= Day && calibrator.Evaluate(score).P <= 1e-3 ? 1 : 0;
            calibrator.Admit(t * 1000L, score);
        }

        output.WriteLine($"realised at 1e-3 on a heavy tail: {beyond / (double)Day:E2}");
        (beyond / (double)Day).ShouldBeLessThan(2e-3);
    }

    /// <summary>Ordinary extremes of seconds come in clusters, as windows overlap: dropped as if they were a fault, the tail would look thin.</summary>
    [Fact]
    public void Clusters_of_extremes_count_in_a_long_past()
    {
        var random = new SeededRandom(26);
        var calibrator = new TailCalibrator(PriorOf(random, 0, 1), Horizon);
        var beyond = 0;
        for (int t = 0, left = 0; t < 3 * Day; t++, left--)
        {
            left = left <= 0 && random.Chance(1 / 20_000.0) ? 40 : left;
            var score = left > 0 ? 5 + (0.5 * random.NextGaussian()) : random.NextGaussian();
            beyond += t >= 2 * Day && calibrator.Evaluate(score).P <= 1e-3 ? 1 : 0;
            calibrator.Admit(t * 1000L, score);
        }

        output.WriteLine($"realised at 1e-3 with clusters: {beyond / (double)Day:E2}");
        (beyond / (double)Day).ShouldBeLessThan(1.5e-3);
    }

    [Fact]
    public void A_cold_calibrator_speaks_with_the_prior()
    {
        var prior = PriorOf(new SeededRandom(24), 0, 1);
        var calibrator = new TailCalibrator(prior, Horizon);
        calibrator.Evaluate(0).P.ShouldBe(0.5, 0.03);
        calibrator.Evaluate(2.326).P.ShouldBe(0.01, 0.003);
        calibrator.Evaluate(9).P.ShouldBeLessThan(1e-4);
        calibrator.Evaluate(double.NaN).P.ShouldBe(1);
    }

    [Fact]
    public void P_falls_as_the_score_rises()
    {
        var calibrator = Trained(new SeededRandom(25), 20_000);
        var last = 1.0;
        for (var score = -4.0; score < 10; score += 0.01)
        {
            var p = calibrator.Evaluate(score).P;
            p.ShouldBeLessThanOrEqualTo(last * 1.0001);
            p.ShouldBeGreaterThan(0);
            last = p;
        }
    }

    [Fact]
    public void A_checkpoint_continues_alike_and_is_small()
    {
        var random = new SeededRandom(26);
        var calibrator = Trained(random, 50_000);
        using var stream = new MemoryStream();
        calibrator.Write(new BinaryWriter(stream));
        stream.Length.ShouldBeLessThan(2048);
        stream.Position = 0;
        var restored = TailCalibrator.Read(new BinaryReader(stream), PriorOf(new SeededRandom(26), 0, 1), Horizon);
        for (var t = 50_000; t < 51_000; t++)
        {
            var score = random.NextGaussian();
            restored.Admit(t * 1000L, score);
            calibrator.Admit(t * 1000L, score);
        }

        restored.EffectiveCount.ShouldBe(calibrator.EffectiveCount, 1e-6);
        restored.Evaluate(3.5).P.ShouldBe(calibrator.Evaluate(3.5).P, 0.05 * calibrator.Evaluate(3.5).P);
    }

    [Fact]
    public void Merging_two_pasts_is_like_having_lived_both()
    {
        var random = new SeededRandom(27);
        var (first, second) = (Trained(random, 10_000), Trained(random, 10_000));
        var count = first.EffectiveCount + second.EffectiveCount;
        first.Merge(second);
        first.EffectiveCount.ShouldBe(count, 1);
        first.Evaluate(2.326).P.ShouldBe(0.01, 0.003);
    }

    [Fact]
    public void Evaluating_and_admitting_do_not_allocate()
    {
        var random = new SeededRandom(28);
        var calibrator = Trained(random, 5000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var t = 5000; t < 6000; t++)
        {
            calibrator.Evaluate(1);
            calibrator.Admit(t * 1000L, random.NextGaussian());
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    static TailCalibrator Trained(SeededRandom random, int ticks)
    {
        var calibrator = new TailCalibrator(PriorOf(random, 0, 1), Horizon);
        for (var t = 0; t < ticks; t++)
        {
            calibrator.Admit(t * 1000L, random.NextGaussian());
        }

        return calibrator;
    }

    static CalibrationPrior PriorOf(SeededRandom random, double location, double scale)
    {
        var scores = new float[20_000];
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = (float)(location + (scale * random.NextGaussian()));
        }

        return CalibrationPrior.FromScores(scores);
    }
}
