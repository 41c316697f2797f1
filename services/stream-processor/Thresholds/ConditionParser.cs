using System.Buffers;
using System.Globalization;

namespace Forewarn.StreamProcessor;

/// <summary>
/// Reads conditions. <c>condition = measure sign number | "missing(" series ")"</c>, <c>measure = series | function "(" series ")"</c>,
/// <c>function = "rate" | "mean" | "min" | "max"</c>, <c>sign = ">" | ">=" | "&lt;" | "&lt;="</c>. A series is its name; numbers are decimal,
/// with an exponent if wanted.
/// </summary>
static class ConditionParser
{
    const string Signs = ">, >=, < or <=";
    const string Functions = "rate, mean, min, max, missing";

    static readonly SearchValues<char> EndOfWord = SearchValues.Create(" \t\r\n()<>=");

    /// <returns>Null with what is wrong.</returns>
    public static Condition? Parse(string text, out string? mistake)
    {
        var rest = new Scanner(text);
        var (measure, name) = (Measure.Value, rest.Word());
        if (rest.Takes('('))
        {
            if (MeasureOf(name) is not { } function)
                return Fail($"has the function '{name}', which is unknown; known: {Functions}", out mistake);
            (measure, name) = (function, rest.Word());
            if (!rest.Takes(')'))
                return Fail($"misses ')' after '{name}'", out mistake);
        }
        if (name.Length == 0)
            return Fail("names no series; write for example 'system.filesystem.utilization > 0.9'", out mistake);
        if (measure == Measure.Missing)
        {
            return rest.IsAtEnd
                ? Succeed(new Condition(measure, name, default), out mistake)
                : Fail($"goes on with '{rest.Rest}' after missing({name}), which stands alone", out mistake);
        }
        if (Bound(ref rest, out mistake) is not { } bound)
            return null;
        return measure == Measure.Rate && (bound.Limit < 0 || (bound.Limit == 0 && bound.Comparison is Comparison.AtLeast or Comparison.Below))
            ? Fail("compares a rate with a number that it always or never passes: rates count growth and are not negative", out mistake)
            : Succeed(new Condition(measure, name, bound), out mistake);
    }

    /// <summary>A sign and a number alone: <c>&lt; 0.85</c>.</summary>
    public static Bound? ParseBound(string text, out string? mistake)
    {
        var rest = new Scanner(text);
        return Bound(ref rest, out mistake);
    }

    static Bound? Bound(ref Scanner rest, out string? mistake)
    {
        mistake = null;
        if (rest.Comparison() is not { } comparison)
            mistake = $"needs {Signs} and a number{(rest.IsAtEnd ? "" : $", not '{rest.Rest}'")}";
        else if (rest.Number() is not { } limit)
            mistake = $"needs a number at its end, not '{rest.Rest}'";
        else
            return new Bound(comparison, limit);
        return null;
    }

    static Measure? MeasureOf(string name) => name switch
    {
        "rate" => Measure.Rate,
        "mean" => Measure.Mean,
        "min" => Measure.Min,
        "max" => Measure.Max,
        "missing" => Measure.Missing,
        _ => null,
    };

    static Condition? Fail(string what, out string? mistake)
    {
        mistake = what;
        return null;
    }

    static Condition Succeed(Condition condition, out string? mistake)
    {
        mistake = null;
        return condition;
    }

    ref struct Scanner(string text)
    {
        ReadOnlySpan<char> _rest = text;

        public bool IsAtEnd => _rest.Trim().IsEmpty;

        public readonly string Rest => _rest.Trim().ToString();

        /// <summary>Up to a space, a parenthesis or a sign.</summary>
        public string Word()
        {
            _rest = _rest.TrimStart();
            var length = _rest.IndexOfAny(EndOfWord);
            var word = (length < 0 ? _rest : _rest[..length]).ToString();
            _rest = _rest[word.Length..];
            return word;
        }

        public bool Takes(char sign)
        {
            _rest = _rest.TrimStart();
            if (_rest.IsEmpty || _rest[0] != sign)
                return false;
            _rest = _rest[1..];
            return true;
        }

        public Comparison? Comparison()
        {
            var (upper, lower) = (Takes('>'), false);
            if (!upper && !(lower = Takes('<')))
                return null;
            var isOrEqual = !_rest.IsEmpty && _rest[0] == '=' && Takes('=');
            return (lower, isOrEqual) switch
            {
                (false, false) => StreamProcessor.Comparison.Above,
                (false, true) => StreamProcessor.Comparison.AtLeast,
                (true, false) => StreamProcessor.Comparison.Below,
                _ => StreamProcessor.Comparison.AtMost,
            };
        }

        /// <summary>All that is left, as a number.</summary>
        public double? Number() =>
            double.TryParse(_rest.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
    }
}
