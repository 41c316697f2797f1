using System.Globalization;

namespace Forewarn.Contracts;

/// <summary>Numbers as people read them: 97 %, 3.2 MiB/s, 12 ms, 120/s.</summary>
public static class Quantity
{
    static readonly (double Size, string Name)[] Bytes =
        [(1L << 40, "TiB"), (1L << 30, "GiB"), (1L << 20, "MiB"), (1L << 10, "KiB"), (1, "B")];

    static readonly (double Size, string Name)[] Seconds =
        [(3600, "h"), (60, "min"), (1, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")];

    static readonly Dictionary<string, double> ByteUnits = new(StringComparer.Ordinal)
    {
        ["By"] = 1,
        ["kBy"] = 1e3,
        ["KiBy"] = 1L << 10,
        ["MBy"] = 1e6,
        ["MiBy"] = 1L << 20,
        ["GBy"] = 1e9,
        ["GiBy"] = 1L << 30,
        ["TBy"] = 1e12,
        ["TiBy"] = 1L << 40,
    };

    static readonly Dictionary<string, double> SecondUnits = new(StringComparer.Ordinal)
    {
        ["ns"] = 1e-9,
        ["us"] = 1e-6,
        ["ms"] = 1e-3,
        ["s"] = 1,
        ["min"] = 60,
        ["h"] = 3600,
    };

    /// <param name="value">In <paramref name="unit"/>.</param>
    /// <param name="name">Of the series: shares of 1 are recognised by it.</param>
    /// <param name="unit">UCUM.</param>
    public static string Of(double value, string name, string unit)
    {
        var scale = ScaleFor(value, name, unit);
        return Number(value * scale.Factor) + scale.Suffix;
    }

    /// <summary><c>3 to 12 %</c>; one number when both read the same.</summary>
    public static string Range(double low, double high, string name, string unit)
    {
        var scale = ScaleFor(Math.Max(Math.Abs(low), Math.Abs(high)), name, unit);
        string from = Number(low * scale.Factor), to = Number(high * scale.Factor);
        return from == to ? to + scale.Suffix : $"{from} to {to}{scale.Suffix}";
    }

    static (double Factor, string Suffix) ScaleFor(double value, string name, string unit)
    {
        var slash = unit.LastIndexOf('/');
        var amount = slash < 0 ? unit : unit[..slash];
        var per = slash < 0 ? "" : unit[slash..];
        if (ByteUnits.TryGetValue(amount, out var bytes))
            return Stepped(value, bytes, Bytes, per);
        if (SecondUnits.TryGetValue(amount, out var seconds))
            return Stepped(value, seconds, Seconds, per);
        if (amount == "1")
            return per.Length == 0 && IsShare(name) ? (100, " %") : (1, per);
        if (amount == "%")
            return (1, " %" + per);
        if (amount == "Cel")
            return (1, " °C" + per);
        // UCUM annotations such as {process} count things that the name names already.
        return (1, amount.StartsWith('{') || amount.Length == 0 ? per : $" {amount}{per}");
    }

    static (double, string) Stepped(double value, double unit, (double Size, string Name)[] steps, string per)
    {
        var amount = Math.Abs(value) * unit;
        foreach (var (size, step) in steps)
        {
            if (amount >= size)
                return (unit / size, $" {step}{per}");
        }
        var (smallest, last) = steps[^1];
        return amount == 0 ? (1, unit == 1 && steps == Seconds ? $" s{per}" : $" {last}{per}") : (unit / smallest, $" {last}{per}");
    }

    static bool IsShare(string name) =>
        name.Contains("utilization", StringComparison.Ordinal) || name.Contains("ratio", StringComparison.Ordinal) || name.Contains("pressure", StringComparison.Ordinal);

    static string Number(double value) => Math.Abs(value) switch
    {
        >= 100 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.#", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("0.##", CultureInfo.InvariantCulture),
        _ => value.ToString("0.###", CultureInfo.InvariantCulture),
    };
}
