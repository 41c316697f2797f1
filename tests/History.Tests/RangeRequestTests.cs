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

    /// <summary>Many charts side by side are small; who wants more of them says so.</summary>
    [Theory]
    [InlineData(1, null, 5_000)]
    [InlineData(27, null, 5_000)]
    [InlineData(28, null, 10_000)]
    [InlineData(50, null, 10_000)]
    [InlineData(50, 5_000, 5_000)]
    public void An_hour_of_many_series_comes_by_ten_seconds_unless_a_step_is_asked_for(int series, int? step, long expected)
    {
        var ids = string.Join(',', Enumerable.Range(0, series).Select(i => i.ToString("x16", System.Globalization.CultureInfo.InvariantCulture)));

        RangeRequest.Parse("e", ids, 7_200_000, 10_800_000, step, scores: true).StepMs.ShouldBe(expected);
    }

    [Fact]
    public void A_quarter_of_an_hour_of_fifty_series_by_the_second_is_one_answer() =>
        RangeRequest.MostPointsFor(50, scores: true).ShouldBeGreaterThanOrEqualTo(15 * 60 + 2);

    [Fact]
    public void Rounding_keeps_seven_digits_and_shortens_the_text() =>
        Gen.OneOf(Gen.Double[-1e9, 1e9], Gen.Double[-1, 1], Gen.Double).Where(double.IsFinite).Sample(value =>
        {
            var rounded = SignificantDigits.Round(value);
            Math.Abs(rounded - value).ShouldBeLessThanOrEqualTo(Math.Abs(value) * 5.1e-7);
            if (Math.Abs(value) is > 1e-4 and < 1e9)
                rounded.ToString(System.Globalization.CultureInfo.InvariantCulture).Length.ShouldBeLessThanOrEqualTo(13);
        });
}
