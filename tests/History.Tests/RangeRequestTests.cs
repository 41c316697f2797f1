using CsCheck;
using Forewarn.History.Ranges;

namespace Forewarn.History.Tests;

public sealed class RangeRequestTests
{
    [Fact]
    public void The_chosen_step_never_gives_more_points_than_allowed() =>
        Gen.Select(Gen.Long[0, 2_000_000_000_000], Gen.Long[1, 400L * 86_400_000], Gen.Int[1, 50]).Sample((from, span, series) =>
        {
            var ids = string.Join(',', Enumerable.Range(0, series).Select(i => i.ToString("x16", System.Globalization.CultureInfo.InvariantCulture)));
            var request = RangeRequest.Parse("e", ids, from, from + span, null, scores: true);
            return StepLadder.Count(from, from + span, request.StepMs) <= RangeRequest.MostPointsFor(series, scores: true);
        });

    [Fact]
    public void Fifty_series_stay_below_the_size_of_a_page()
    {
        RangeRequest.MostPointsFor(1, scores: true).ShouldBe(1_000);
        (RangeRequest.MostPointsFor(50, scores: true) * (50 * 3 * 24L)).ShouldBeLessThan(2 * 1024 * 1024);
    }
}
