using CsCheck;
using Forewarn.Contracts;
using Forewarn.History.LeadTimes;

namespace Forewarn.History.Tests;

public sealed class LeadTimeAccountTests
{
    [Fact]
    public void Nothing_said_is_no_precision()
    {
        var nothing = new LeadTimeAccount().Close(1, 2);
        (nothing.Precision, nothing.MedianLeadSeconds, nothing.WithinInterval, nothing.SecondsEarned).ShouldBe((null, null, null, 0));
        nothing.Calibration.Select(bin => bin.Low).ShouldBe([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]);
        nothing.Calibration.ShouldAllBe(bin => bin.Count == 0 && bin.Said == 0 && bin.Happened == 0);
    }

    [Fact]
    public void It_is_the_sum_over_all_lines() => Gen.Select(
        Gen.Enum<PredictionOutcome>(), Gen.Long[0, 1000], Gen.Long[0, 5000], Gen.Long[0, 3000], Gen.Long[0, 3000], Gen.OneOf(Gen.Double[0, 1], Gen.Int[0, 10].Select(tenths => tenths / 10.0))).Array[0, 60].Sample(
        lines =>
        {
            var account = new LeadTimeAccount();
            foreach (var (outcome, said, after, early, late, p) in lines)
                account.Add(outcome, said, said + after, said + early, said + early + late, p);
            var summary = account.Close(0, 9999);

            (summary.Pending + summary.Confirmed + summary.Averted + summary.Expired).ShouldBe(lines.Length);
            var confirmed = lines.Where(line => line.Item1 == PredictionOutcome.Confirmed).ToList();
            summary.Confirmed.ShouldBe(confirmed.Count);
            summary.SecondsEarned.ShouldBe(confirmed.Sum(line => line.Item3) / 1000.0, 1e-9);
            if (confirmed.Count > 0)
            {
                var leads = confirmed.Select(line => line.Item3 / 1000.0).Order().ToList();
                summary.MedianLeadSeconds!.Value.ShouldBe((leads[(leads.Count - 1) / 2] + leads[leads.Count / 2]) / 2, 1e-9);
                summary.WithinInterval.ShouldBe((double)confirmed.Count(line => line.Item3 >= line.Item4 && line.Item3 <= line.Item4 + line.Item5) / confirmed.Count);
            }
            var settled = summary.Confirmed + summary.Averted + summary.Expired;
            summary.Precision.ShouldBe(settled == 0 ? null : (double)(summary.Confirmed + summary.Averted) / settled);

            var told = lines.Where(line => line.Item1 is PredictionOutcome.Confirmed or PredictionOutcome.Expired).ToList();
            summary.Calibration.Sum(bin => bin.Count).ShouldBe(told.Count);
            foreach (var bin in summary.Calibration)
            {
                var within = told.Where(line => line.Item6 >= bin.Low && (line.Item6 < bin.High || bin.High == 1)).ToList();
                bin.Count.ShouldBe(within.Count, $"{bin.Low} to {bin.High}");
                bin.Said.ShouldBe(within.Count == 0 ? 0 : within.Average(line => line.Item6), 1e-9);
                bin.Happened.ShouldBe(within.Count == 0 ? 0 : within.Average(line => line.Item1 == PredictionOutcome.Confirmed ? 1.0 : 0), 1e-9);
            }
        },
        iter: 500);

    [Fact]
    public void A_line_that_says_no_time_of_its_outcome_earns_nothing()
    {
        var account = new LeadTimeAccount();
        account.Add(PredictionOutcome.Confirmed, 0, null, 0, 10, 0.9);
        var summary = account.Close(0, 1);
        (summary.Confirmed, summary.SecondsEarned, summary.MedianLeadSeconds).ShouldBe((1, 0, null));
    }
}
