namespace DevSidecar.Resiliency;

/// <summary>
/// A part of a trip expression with CEL's types: whole and real numbers are compared with each other, but not calculated with
/// each other, and whole numbers divide to whole numbers. Null is CEL's error: a value that cannot be computed.
/// </summary>
abstract record TripTerm
{
    TripTerm()
    {
    }

    /// <summary>An error beside a true alternative does not matter.</summary>
    public static TripTerm Or(TripTerm left, TripTerm right)
    {
        var (first, second) = (AsCondition(left), AsCondition(right));
        return new Condition(c => first(c) | second(c));
    }

    /// <summary>An error beside a false condition does not matter.</summary>
    public static TripTerm And(TripTerm left, TripTerm right)
    {
        var (first, second) = (AsCondition(left), AsCondition(right));
        return new Condition(c => first(c) & second(c));
    }

    public static TripTerm Not(TripTerm term)
    {
        var condition = AsCondition(term);
        return new Condition(c => !condition(c));
    }

    public static TripTerm Compare(string comparison, TripTerm left, TripTerm right)
    {
        Func<BreakerCounts, int?> order = (left, right) switch
        {
            (Whole first, Whole second) => c => Order(first.Value(c), second.Value(c)),
            _ => Reals(AsReal(left), AsReal(right)),
        };
        return new Condition(comparison switch
        {
            ">=" => c => order(c) is { } o ? o >= 0 : null,
            "<=" => c => order(c) is { } o ? o <= 0 : null,
            "==" => c => order(c) is { } o ? o == 0 : null,
            "!=" => c => order(c) is { } o ? o != 0 : null,
            ">" => c => order(c) is { } o ? o > 0 : null,
            _ => c => order(c) is { } o ? o < 0 : null,
        });

        static Func<BreakerCounts, int?> Reals(Func<BreakerCounts, double?> first, Func<BreakerCounts, double?> second) =>
            c => first(c) is { } f && second(c) is { } s && !double.IsNaN(f) && !double.IsNaN(s) ? f.CompareTo(s) : null;

        static int? Order(long? first, long? second) => first is { } f && second is { } s ? f.CompareTo(s) : null;
    }

    public static TripTerm Calculate(string operation, TripTerm left, TripTerm right) => (left, right) switch
    {
        (Whole first, Whole second) => new Whole(c => first.Value(c) is { } f && second.Value(c) is { } s ? Calculate(operation, f, s) : null),
        (Real first, Real second) => new Real(c => operation switch
        {
            "+" => first.Value(c) + second.Value(c),
            "-" => first.Value(c) - second.Value(c),
            "*" => first.Value(c) * second.Value(c),
            _ => first.Value(c) / second.Value(c),
        }),
        (Condition, _) or (_, Condition) => throw NoNumber(),
        _ => throw new FormatException($"'{operation}' has a whole number on one side and a fraction on the other; write double(totalFailures), or 2.0 for 2"),
    };

    public static TripTerm Negate(TripTerm term) => term switch
    {
        Whole whole => Calculate("-", new Whole(_ => 0), whole),
        Real real => new Real(c => -real.Value(c)),
        _ => throw NoNumber(),
    };

    public static TripTerm ToReal(TripTerm term) => new Real(AsReal(term));

    static long? Calculate(string operation, long first, long second)
    {
        try
        {
            return operation switch
            {
                "+" => checked(first + second),
                "-" => checked(first - second),
                "*" => checked(first * second),
                _ => second == 0 ? null : first / second,
            };
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    static Func<BreakerCounts, bool?> AsCondition(TripTerm term) =>
        term is Condition condition ? condition.Value : throw new FormatException("&& || ! join comparisons, not numbers");

    static Func<BreakerCounts, double?> AsReal(TripTerm term) => term switch
    {
        Real real => real.Value,
        Whole whole => c => whole.Value(c),
        _ => throw NoNumber(),
    };

    static FormatException NoNumber() => new("+ - * / and comparisons need numbers on both sides");

    public sealed record Condition(Func<BreakerCounts, bool?> Value) : TripTerm;

    public sealed record Whole(Func<BreakerCounts, long?> Value) : TripTerm;

    public sealed record Real(Func<BreakerCounts, double?> Value) : TripTerm;
}
