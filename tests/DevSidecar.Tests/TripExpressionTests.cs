using System.Globalization;
using CsCheck;
using DevSidecar.Resiliency;

namespace DevSidecar.Tests;

public sealed class TripExpressionTests
{
    static readonly Gen<BreakerCounts> Counts = Gen.Select(Gen.Long[0, 20], Gen.Long[0, 20], Gen.Long[0, 20], Gen.Long[0, 5], Gen.Long[0, 5])
        .Select((requests, successes, failures, inRow, failedInRow) => new BreakerCounts(requests, successes, failures, inRow, failedInRow));

    static readonly Gen<Sum> Sums = Gen.Recursive<Sum>((depth, inner) =>
        depth == 4 ? Leaves : Gen.OneOf(Leaves, Gen.Select(Gen.Char["+-*/"], inner, inner).Select((o, l, r) => Sum.Of(o, l, r))));

    static Gen<Sum> Leaves => Gen.OneOf(
        Gen.Long[0, 100].Select(n => new Sum(n.ToString(CultureInfo.InvariantCulture), 9, _ => n)),
        Gen.Int[0, BreakerCounts.Names.Count - 1].Select(i => BreakerCounts.Names[i]).Select(n => new Sum(n, 9, c => BreakerCounts.Reader(n)!(c))));

    [Theory]
    [InlineData("totalFailures * 100 / requests > 50", true)]
    [InlineData("totalFailures * 100 / requests > 66", false)]
    [InlineData("totalFailures / requests == 0", true)]
    [InlineData("double(totalFailures) / double(requests) > 0.66", true)]
    [InlineData("double(totalFailures) / double(requests) > 0.67", false)]
    [InlineData("totalFailures > 3.5 && totalFailures < 4.5", true)]
    [InlineData("requests - totalFailures * 2 == -2", true)]
    [InlineData("(requests - totalFailures) * 2 == 4", true)]
    [InlineData("requests - 3 - 2 == 1", true)]
    [InlineData("-requests + 10 == 4", true)]
    [InlineData("!(requests + 1 > 7) && (requests > 2 || totalFailures > 9)", true)]
    public void Counts_are_calculated_as_in_cel(string text, bool trips) => TripExpression.Parse(text)(new(6, 2, 4, 0, 3)).ShouldBe(trips);

    [Theory]
    [InlineData("requests / totalSuccesses > 1", false)]
    [InlineData("!(requests / totalSuccesses > 1)", false)]
    [InlineData("requests / totalSuccesses > 1 || requests == 6", true)]
    [InlineData("requests == 6 || requests / totalSuccesses > 1", true)]
    [InlineData("requests == 6 && requests / totalSuccesses > 1", false)]
    [InlineData("9223372036854775807 + requests > 0", false)]
    [InlineData("0.0 / double(totalSuccesses) < 1.0", false)]
    public void What_cannot_be_computed_opens_no_breaker(string text, bool trips) => TripExpression.Parse(text)(new(6, 0, 4, 0, 3)).ShouldBe(trips);

    [Theory]
    [InlineData("totalFailures / 2.0 > 1.0", "double(totalFailures)")]
    [InlineData("requests + 1", "compare it")]
    [InlineData("requests && requests > 1", "not numbers")]
    [InlineData("requests > 1 && requests % 2 == 0", "'% 2 == 0' is not understood")]
    public void What_is_refused_says_why(string text, string reason) => Should.Throw<FormatException>(() => TripExpression.Parse(text)).Message.ShouldContain(reason);

    [Fact]
    public void Sums_agree_with_a_model_whatever_their_parentheses() => Gen.Select(Sums, Sums, Counts, Gen.Bool).Sample((left, right, counts, spaced) =>
    {
        var text = $"{left.Text} > {right.Text}";
        var expected = left.Value(counts) is { } l && right.Value(counts) is { } r && l > r;
        return TripExpression.Parse(spaced ? text : text.Replace(" ", "", StringComparison.Ordinal))(counts) == expected;
    });

    [Fact]
    public void Any_text_is_read_or_refused_in_words() =>
        Gen.String[Gen.Char["()!&|<>=+-*/. 019adoublerequests"], 0, 20].Sample(text =>
        {
            try
            {
                TripExpression.Parse(text)(new(6, 2, 4, 0, 3));
            }
            catch (FormatException e)
            {
                e.Message.ShouldNotBeEmpty();
            }
        });

    /// <summary>A sum as text with as few parentheses as it needs, and its value; null where it has none.</summary>
    sealed record Sum(string Text, int Precedence, Func<BreakerCounts, Int128?> Value)
    {
        public static Sum Of(char operation, Sum left, Sum right)
        {
            var precedence = operation is '+' or '-' ? 1 : 2;
            var first = left.Precedence < precedence ? $"({left.Text})" : left.Text;
            var second = right.Precedence <= precedence ? $"({right.Text})" : right.Text;
            return new($"{first} {operation} {second}", precedence, c => InRange(left.Value(c) is { } l && right.Value(c) is { } r
                ? operation switch { '+' => l + r, '-' => l - r, '*' => l * r, _ => r == 0 ? null : l / r }
                : null));
        }

        static Int128? InRange(Int128? value) => value >= long.MinValue && value <= long.MaxValue ? value : null;
    }
}
