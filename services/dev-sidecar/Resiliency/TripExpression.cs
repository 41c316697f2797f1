using System.Globalization;

namespace DevSidecar.Resiliency;

/// <summary>
/// When a circuit breaker opens: comparisons of sums, differences, products and quotients of the counts and of numbers, joined
/// by <c>&amp;&amp; || !</c> and parentheses, as CEL reads them. daprd evaluates all of CEL here; what goes beyond this subset
/// is refused when read. What cannot be computed (a division by zero) opens no breaker.
/// </summary>
static class TripExpression
{
    /// <exception cref="FormatException">The text is not of this subset; the message says where.</exception>
    public static Func<BreakerCounts, bool> Parse(string text)
    {
        var parser = new Parser(text);
        return parser.Whole() is TripTerm.Condition condition
            ? counts => condition.Value(counts) ?? false
            : throw new FormatException("the expression is a number; compare it with another");
    }

    /// <summary>Recursive descent over the text; every method reads one level of precedence.</summary>
    sealed class Parser(string text)
    {
        static readonly string[] Comparisons = [">=", "<=", "==", "!=", ">", "<"];

        int _at;

        public TripTerm Whole()
        {
            var term = Or();
            return _at == text.Length ? term : throw Unexpected();
        }

        TripTerm Or()
        {
            var left = And();
            while (Take("||"))
            {
                left = TripTerm.Or(left, And());
            }

            return left;
        }

        TripTerm And()
        {
            var left = Relation();
            while (Take("&&"))
            {
                left = TripTerm.And(left, Relation());
            }

            return left;
        }

        TripTerm Relation()
        {
            var term = Sum();
            if (TakeAny(Comparisons) is { } comparison)
            {
                term = TripTerm.Compare(comparison, term, Sum());
            }

            SkipSpace();
            return _at == text.Length || text[_at] is ')' or '&' or '|' ? term : throw Unexpected();
        }

        TripTerm Sum()
        {
            var left = Product();
            while (TakeAny("+", "-") is { } operation)
            {
                left = TripTerm.Calculate(operation, left, Product());
            }

            return left;
        }

        TripTerm Product()
        {
            var left = Unary();
            while (TakeAny("*", "/") is { } operation)
            {
                left = TripTerm.Calculate(operation, left, Unary());
            }

            return left;
        }

        TripTerm Unary()
        {
            if (Take("!"))
            {
                return TripTerm.Not(Unary());
            }

            return Take("-") ? TripTerm.Negate(Unary()) : Primary();
        }

        TripTerm Primary()
        {
            if (Take("("))
            {
                return Inner();
            }

            SkipSpace();
            var start = _at;
            while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] == '.'))
            {
                _at++;
            }

            var word = text[start.._at];
            if (word == "double" && Take("("))
            {
                return TripTerm.ToReal(Inner());
            }

            if (long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return new TripTerm.Whole(_ => number);
            }

            if (word.Contains('.', StringComparison.Ordinal) && double.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var real))
            {
                return new TripTerm.Real(_ => real);
            }

            if (BreakerCounts.Reader(word) is { } reader)
            {
                return new TripTerm.Whole(c => reader(c));
            }

            _at = start;
            throw Unexpected();
        }

        TripTerm Inner()
        {
            var inner = Or();
            return Take(")") ? inner : throw Unexpected();
        }

        FormatException Unexpected() => new(_at < text.Length
            ? $"'{text[_at..]}' is not understood; use comparisons of {string.Join(", ", BreakerCounts.Names)} and numbers, calculated with + - * / double( ), joined by && || ! ( )"
            : "the expression ends too early");

        string? TakeAny(params ReadOnlySpan<string> tokens)
        {
            foreach (var token in tokens)
            {
                if (Take(token))
                {
                    return token;
                }
            }

            return null;
        }

        bool Take(string token)
        {
            SkipSpace();
            if (!text.AsSpan(_at).StartsWith(token, StringComparison.Ordinal))
            {
                return false;
            }

            _at += token.Length;
            return true;
        }

        void SkipSpace()
        {
            while (_at < text.Length && char.IsWhiteSpace(text[_at]))
            {
                _at++;
            }
        }
    }
}
