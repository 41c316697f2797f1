using System.Globalization;
using System.Numerics;

namespace Forewarn.Contracts;

/// <summary>
/// Numbers without an exponent, which most measurements are, read in a fraction of the general time and to the same bit.
/// Up to 15 digits and powers of ten are exact, so their quotient is rounded once; up to 19 digits are divided as integers
/// by a power of five, whose quotient and remainder are exact and rounded once.
/// </summary>
public static class ShortNumber
{
    /// <summary>All that fit into 64 bits.</summary>
    const int MostDigits = 19;

    const int MostExactDigits = 15;

    /// <summary>5^27 is the last power of five below 2^63.</summary>
    const int MostDecimals = 27;

    static readonly double[] Powers = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
    static readonly Divisor[] Divisors = [.. Enumerable.Range(0, MostDecimals + 1).Select(Divisor.OfPowerOfFive)];

    /// <param name="json">A number as JSON has it.</param>
    /// <param name="value">What it says.</param>
    /// <returns>False when the number is not a short one.</returns>
    public static bool TryRead(ReadOnlySpan<byte> json, out double value) => TryRead(json, out value, out var length) && length == json.Length;

    /// <param name="json">Begins with a number as JSON has it.</param>
    /// <param name="value">What it says.</param>
    /// <param name="length">Its length: the number ends where JSON says, unless an <c>e</c> comes next.</param>
    /// <returns>False when the number is not a short one, or not one at all.</returns>
    public static bool TryRead(ReadOnlySpan<byte> json, out double value, out int length)
    {
        value = 0;
        length = 0;
        var at = 0;
        var negative = json is [(byte)'-', ..];
        if (negative)
            at++;
        var begin = at;
        var digits = ReadDigits(json, ref at, 0);
        var (whole, decimals) = (at - begin, 0);
        if (whole == 0 || (whole > 1 && json[begin] == (byte)'0'))
            return false;
        if (at < json.Length && json[at] == (byte)'.')
        {
            var point = at++;
            digits = ReadDigits(json, ref at, digits);
            decimals = at - point - 1;
            if (decimals == 0)
                return false;
        }
        if (!TryDivide(json[begin..at], digits, whole + decimals, decimals, out value))
            return false;
        if (negative)
            value = -value;
        length = at;
        return true;
    }

    /// <summary>Bytes that <see cref="TryWrite"/> needs at most: sign, zero, point and fifteen digits.</summary>
    public const int MostBytes = MostExactDigits + 3;

    /// <summary>
    /// Writes a number as shortly as it can be told from all others, without an exponent. A decimal of fifteen digits belongs to
    /// one double at most, so the one that reads back as <paramref name="value"/> is its shortest.
    /// </summary>
    /// <param name="value">Any number.</param>
    /// <param name="utf8">At least <see cref="MostBytes"/> long.</param>
    /// <param name="length">Bytes written.</param>
    /// <returns>False when it takes more digits than fifteen, or an exponent.</returns>
    public static bool TryWrite(double value, Span<byte> utf8, out int length)
    {
        length = 0;
        var magnitude = Math.Abs(value);
        var decimals = magnitude < 1 ? 15 : magnitude < 1e6 ? 9 : magnitude < 1e11 ? 4 : 0;
        var scaled = Math.Round(magnitude * Powers[decimals]);
        // Not even the negative zero, which has no digits, nor NaN, which equals nothing.
        if (!(scaled < 1e15) || scaled / Powers[decimals] != magnitude || (value == 0 && double.IsNegative(value)))
            return false;
        if (value < 0)
            utf8[length++] = (byte)'-';
        var (whole, fraction) = Math.DivRem((ulong)scaled, (ulong)Powers[decimals]);
        whole.TryFormat(utf8[length..], out var written, provider: CultureInfo.InvariantCulture);
        length += written;
        if (fraction == 0)
            return true;
        utf8[length++] = (byte)'.';
        var digits = utf8.Slice(length, decimals);
        for (var i = decimals - 1; i >= 0; i--)
        {
            (fraction, var digit) = Math.DivRem(fraction, 10);
            digits[i] = (byte)('0' + digit);
        }
        length += digits.LastIndexOfAnyExcept((byte)'0') + 1;
        return true;
    }

    static ulong ReadDigits(ReadOnlySpan<byte> json, ref int at, ulong digits)
    {
        for (; (uint)at < (uint)json.Length; at++)
        {
            var digit = (uint)json[at] - '0';
            if (digit > 9)
                break;
            digits = (digits * 10) + digit;
        }
        return digits;
    }

    static bool TryDivide(ReadOnlySpan<byte> number, ulong digits, int count, int decimals, out double value)
    {
        if (count <= MostExactDigits)
        {
            value = digits / Powers[decimals];
            return true;
        }
        value = 0;
        // Zeros in front do not count: 0.0012 has two digits.
        var significant = count > MostDigits ? count - Math.Max(number.IndexOfAnyExcept("0."u8) - 1, 0) : count;
        if (significant > MostDigits || decimals > MostDecimals)
            return false;
        if (digits != 0)
            value = Divisors[decimals].Divide(digits, decimals);
        return true;
    }

    /// <summary>A power of five with its highest bit at the top, and its reciprocal as Möller and Granlund have it ("Improved division by invariant integers").</summary>
    readonly record struct Divisor(ulong Number, ulong Reciprocal, int Shift)
    {
        public static Divisor OfPowerOfFive(int exponent)
        {
            var power = (ulong)BigInteger.Pow(5, exponent);
            var shift = BitOperations.LeadingZeroCount(power);
            var number = power << shift;
            return new Divisor(number, (ulong)((UInt128.MaxValue / number) - ((UInt128)1 << 64)), shift);
        }

        /// <summary>digits / 10^decimals, rounded to even once.</summary>
        public double Divide(ulong digits, int decimals)
        {
            var zeros = BitOperations.LeadingZeroCount(digits);
            var top = digits << zeros;
            var (high, low) = (top >> 1, top << 63);
            var quotient = Math.BigMul(Reciprocal, high, out var fraction);
            fraction += low;
            quotient += high + (fraction < low ? 1UL : 0) + 1;
            var remainder = low - (quotient * Number);
            if (remainder > fraction)
            {
                quotient--;
                remainder += Number;
            }
            if (remainder >= Number)
            {
                quotient++;
                remainder -= Number;
            }
            // 62 bits or more: what is cut off counts as one bit far below the last that is kept.
            var kept = (long)((quotient >> 1) | (quotient & 1) | (remainder != 0 ? 1UL : 0));
            var exponent = Shift - zeros - decimals - 62;
            return kept * BitConverter.Int64BitsToDouble((1023L + exponent) << 52);
        }
    }
}
