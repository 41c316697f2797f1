using System.Globalization;

namespace DevSidecar.Resiliency;

/// <summary>
/// When a circuit breaker opens: comparisons of the counts with numbers or each other, joined by <c>&amp;&amp; || !</c> and
/// parentheses. daprd evaluates all of CEL here; what goes beyond this subset is refused when read.
/// </summary>
static class TripExpression
{
    /// <exception cref="FormatException">The text is not of this subset; the message says where.</exception>
    public static Func<BreakerCounts, bool> Parse(string text)
    {
        var parser = new Parser(text);
        var condition = parser.Or();
        return parser.AtEnd ? condition : throw parser.Unexpected();
    }

    /// <summary>Recursive descent over the text; every method reads one level of precedence.</summary>
    sealed class Parser(string text)
    {
        int _at;

        public bool AtEnd
        {
            get
            {
                SkipSpace();
                return _at == text.Length;
            }
        }

        public Func<BreakerCounts, bool> Or()
        {
            var left = And();
            while (Take("||"))
            {
                var (first, second) = (left, And());
                left = c => first(c) || second(c);
            }

            return left;
        }

        public FormatException Unexpected() => new(_at < text.Length
            ? $"'{text[_at..]}' is not understood; use comparisons of {string.Join(", ", BreakerCounts.Names)} and whole numbers, joined by && || ! ( )"
            : "the expression ends too early");

        Func<BreakerCounts, bool> And()
        {
            var left = Unary();
            while (Take("&&"))
            {
                var (first, second) = (left, Unary());
                left = c => first(c) && second(c);
            }

            return left;
        }

        Func<BreakerCounts, bool> Unary()
        {
            if (Take("("))
            {
                var inner = Or();
                return Take(")") ? inner : throw Unexpected();
            }

            if (Take("!"))
            {
                var inner = Unary();
                return c => !inner(c);
            }

            return Comparison();
        }

        Func<BreakerCounts, bool> Comparison()
        {
            var left = Operand();
            if (Take(">="))
            {
                var right = Operand();
                return c => left(c) >= right(c);
            }

            if (Take("<="))
            {
                var right = Operand();
                return c => left(c) <= right(c);
            }

            if (Take("=="))
            {
                var right = Operand();
                return c => left(c) == right(c);
            }

            if (Take("!="))
            {
                var right = Operand();
                return c => left(c) != right(c);
            }

            if (Take(">"))
            {
                var right = Operand();
                return c => left(c) > right(c);
            }

            if (Take("<"))
            {
                var right = Operand();
                return c => left(c) < right(c);
            }

            throw Unexpected();
        }

        Func<BreakerCounts, long> Operand()
        {
            SkipSpace();
            var start = _at;
            while (_at < text.Length && char.IsAsciiLetterOrDigit(text[_at]))
            {
                _at++;
            }

            var word = text[start.._at];
            if (long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return _ => number;
            }

            if (BreakerCounts.Reader(word) is { } reader)
            {
                return reader;
            }

            _at = start;
            throw Unexpected();
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
