namespace Forewarn.Analytics;

/// <summary>Domain in which deviations of a series are judged.</summary>
public enum Transform
{
    /// <summary>As measured: ratios, percentages, temperatures.</summary>
    Identity,

    /// <summary>sign(x) log(1 + |x| / reference): amounts, rates and durations, which vary by factors.</summary>
    Log1p,
}

/// <summary>What a UCUM unit tells about a series: its transform, the smallest change that matters, its limit.</summary>
public static class UnitTraits
{
    static readonly string[] RelievedStates = ["idle", "free", "available", "cached", "buffers", "buffered", "inactive"];

    /// <summary>Log1p for bytes, counts, durations and their rates; Identity for everything else.</summary>
    public static Transform TransformFor(string unit)
    {
        var amount = Numerator(unit);
        if (amount.StartsWith('{'))
        {
            return Transform.Log1p;
        }

        return amount switch
        {
            "By" or "kBy" or "KiBy" or "MBy" or "MiBy" or "GBy" or "GiBy" or "TBy" or "TiBy" or "bit" or "kbit" or "Mbit" => Transform.Log1p,
            "ns" or "us" or "ms" or "s" or "min" or "h" => Transform.Log1p,
            "1" when unit.Contains('/', StringComparison.Ordinal) => Transform.Log1p,
            _ => Transform.Identity,
        };
    }

    /// <summary>The amount, in the series' unit, below which changes are not worth a thought; reference of <see cref="Transform.Log1p"/>.</summary>
    public static double ReferenceFor(string unit) => Numerator(unit) switch
    {
        "By" => 4096,
        "kBy" or "KiBy" or "kbit" => 4,
        "MBy" or "MiBy" or "Mbit" => 0.004,
        "GBy" or "GiBy" => 4e-6,
        "TBy" or "TiBy" => 4e-9,
        "bit" => 32768,
        "ns" => 1e6,
        "us" => 1e3,
        "ms" => 1,
        "s" => 1e-3,
        "min" => 1e-3 / 60,
        "h" => 1e-3 / 3600,
        _ => 1,
    };

    /// <summary>Smallest scale in the transformed domain: 0.01 for ratios, 1 for percentages, 5 % for amounts.</summary>
    public static double AbsoluteScaleFloor(string unit)
    {
        if (TransformFor(unit) == Transform.Log1p)
        {
            return 0.05;
        }

        return Numerator(unit) switch
        {
            "1" => 0.01,
            "%" => 1,
            "Cel" or "K" => 0.5,
            _ => 1e-6,
        };
    }

    /// <summary>Smallest scale as a share of |median| in the transformed domain; amounts are relative already.</summary>
    public static double RelativeScaleFloor(string unit) => TransformFor(unit) == Transform.Identity ? 0.02 : 0;

    /// <summary>
    /// Extra scale for a series whose baseline is near zero, fading as Floor x e^(-|baseline| / Reach): an idle counter,
    /// or a pressure, that wakes up is ordinary, whatever the factor.
    /// </summary>
    public static (double Floor, double Reach) IdleScaleFloor(string unit)
    {
        if (TransformFor(unit) == Transform.Log1p)
        {
            return (0.6, 1);
        }

        return Numerator(unit) switch
        {
            "1" => (0.015, 0.05),
            "%" => (1.5, 5),
            _ => (0, 1),
        };
    }

    /// <summary>
    /// The value at which a utilization is exhausted: 1 for unit "1", 100 for "%", otherwise none. A processor has no
    /// limit in this sense: it does not fill up, and running at 100 % is what it is for.
    /// </summary>
    public static double? LimitFor(string name, string unit) => LimitFor(name, unit, state: null);

    /// <summary>As above; <paramref name="state"/> (cpu mode, memory state) rules out parts whose growth is a relief, such as idle or free.</summary>
    public static double? LimitFor(string name, string unit, string? state)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!name.Contains("utilization", StringComparison.OrdinalIgnoreCase)
            || name.Contains("cpu", StringComparison.OrdinalIgnoreCase)
            || IsRelieved(state))
        {
            return null;
        }

        return unit switch
        {
            "1" => 1,
            "%" => 100,
            _ => null,
        };
    }

    /// <summary>True for a state (cpu mode, memory state) that shrinks when its resource runs short, such as idle or free.</summary>
    public static bool IsRelieved(string? state) => state is not null && RelievedStates.Contains(state, StringComparer.OrdinalIgnoreCase);

    static string Numerator(string unit)
    {
        ArgumentNullException.ThrowIfNull(unit);
        var slash = unit.LastIndexOf('/');
        return slash < 0 ? unit : unit[..slash];
    }
}
