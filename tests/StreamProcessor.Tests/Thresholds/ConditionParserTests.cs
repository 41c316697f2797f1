using CsCheck;

namespace Forewarn.StreamProcessor.Tests;

public sealed class ConditionParserTests
{
    [Theory]
    [InlineData("system.filesystem.utilization > 0.9", Measure.Value, "system.filesystem.utilization", Comparison.Above, 0.9)]
    [InlineData("  a>=-1e3 ", Measure.Value, "a", Comparison.AtLeast, -1000)]
    [InlineData("rate(app.errors) > 5", Measure.Rate, "app.errors", Comparison.Above, 5)]
    [InlineData("rate( app.requests )<=0", Measure.Rate, "app.requests", Comparison.AtMost, 0)]
    [InlineData("mean(x) < .5", Measure.Mean, "x", Comparison.Below, 0.5)]
    [InlineData("min(http/server-a:b) <= 5", Measure.Min, "http/server-a:b", Comparison.AtMost, 5)]
    [InlineData("max (x) >5", Measure.Max, "x", Comparison.Above, 5)]
    [InlineData("rate > 5", Measure.Value, "rate", Comparison.Above, 5)]
    internal void A_condition_is_read(string text, Measure measure, string series, Comparison comparison, double limit)
    {
        ConditionParser.Parse(text, out var mistake).ShouldBe(new Condition(measure, series, new Bound(comparison, limit)));
        mistake.ShouldBeNull();
    }

    [Fact]
    public void A_missing_series_needs_no_limit() =>
        ConditionParser.Parse("missing(app.heartbeat)", out _).ShouldBe(new Condition(Measure.Missing, "app.heartbeat", default));

    [Theory]
    [InlineData("", "names no series")]
    [InlineData("> 5", "names no series")]
    [InlineData("a", "needs >, >=, < or <= and a number")]
    [InlineData("a = 5", "not '= 5'")]
    [InlineData("a > x", "needs a number at its end, not 'x'")]
    [InlineData("a > 5 6", "not '5 6'")]
    [InlineData("a > NaN", "not 'NaN'")]
    [InlineData("a > 1e999", "number")]
    [InlineData("a > ", "number")]
    [InlineData("a => 5", "not '=> 5'")]
    [InlineData("a b > 5", "not 'b > 5'")]
    [InlineData("avg(a) > 5", "function 'avg', which is unknown; known: rate, mean, min, max, missing")]
    [InlineData("mean(a > 5", "misses ')' after 'a'")]
    [InlineData("mean() > 5", "names no series")]
    [InlineData("missing(a) > 5", "stands alone")]
    [InlineData("rate(a) < 0", "not negative")]
    [InlineData("rate(a) > -1", "not negative")]
    [InlineData("rate(a) >= 0", "not negative")]
    public void A_mistake_says_what_is_wrong(string text, string what)
    {
        ConditionParser.Parse(text, out var mistake).ShouldBeNull();
        mistake.ShouldNotBeNull().ShouldContain(what);
    }

    [Fact]
    public void What_a_condition_says_of_itself_is_read_as_the_same() => Gen.Select(
        Gen.Enum<Measure>(), Gen.String[Gen.Char["abcdefghijklmnopqrstuvwxyz._-/:0123456789"], 1, 30], Gen.Enum<Comparison>(), Gen.Double.Where(double.IsFinite)).Sample(
        (measure, series, comparison, number) =>
        {
            var bound = new Bound(comparison, measure == Measure.Rate ? Math.Abs(number) + 1 : number);
            var condition = new Condition(measure, series, measure == Measure.Missing ? default : bound);
            ConditionParser.Parse(condition.ToString(), out var mistake).ShouldBe(condition, mistake);
            if (measure != Measure.Missing)
                ConditionParser.ParseBound(bound.ToString(), out _).ShouldBe(bound);
        },
        iter: 1000);

    [Fact]
    public void Whatever_is_written_is_read_or_refused_with_a_reason() => Gen.String[Gen.Char["ab.()<>= 15e-rate"], 0, 20].Sample(
        text => (ConditionParser.Parse(text, out var mistake) is null).ShouldBe(mistake is { Length: > 0 }), iter: 5000);

    [Theory]
    [InlineData("30s", 30_000)]
    [InlineData("1.5m", 90_000)]
    [InlineData("250ms", 250)]
    [InlineData("2 h", 7_200_000)]
    [InlineData("1d", 86_400_000)]
    [InlineData("5", null)]
    [InlineData("-5s", null)]
    [InlineData("s", null)]
    [InlineData("5w", null)]
    [InlineData("1e400s", null)]
    public void Durations_have_a_unit(string text, int? ms)
    {
        Durations.TryParse(text, out var read).ShouldBe(ms is not null, text);
        if (ms is not null)
            read.ShouldBe(ms.Value);
    }

    [Fact]
    public void A_pattern_matches_as_trying_every_length_does() => Gen.Select(Gen.String[Gen.Char["ab*"], 0, 8], Gen.String[Gen.Char["ab"], 0, 10]).Sample(
        (pattern, text) => new Wildcard(pattern).Matches(text).ShouldBe(Naive(pattern, text), $"{pattern} on {text}"), iter: 5000);

    static bool Naive(string pattern, string text) => pattern.Length == 0 ? text.Length == 0
        : pattern[0] == '*' ? Enumerable.Range(0, text.Length + 1).Any(taken => Naive(pattern[1..], text[taken..]))
        : text.Length > 0 && text[0] == pattern[0] && Naive(pattern[1..], text[1..]);
}
