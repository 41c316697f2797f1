namespace Forewarn.Contracts;

/// <summary>
/// Numbers of few digits without an exponent, which most measurements are, read in a fraction of the general time and to
/// the same bit: digits below 2^53 and powers of ten up to 10^22 are exact, so their quotient is rounded once.
/// </summary>
static class ShortNumber
{
    const int MostDigits = 15;

    static readonly double[] Powers = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <param name="json">A number as JSON has it.</param>
    /// <param name="value">What it says.</param>
    /// <returns>False when the number is not a short one.</returns>
    public static bool TryRead(ReadOnlySpan<byte> json, out double value)
    {
        value = 0;
        var negative = json is [(byte)'-', ..];
        if (negative)
            json = json[1..];
        if (json.Length is 0 or > MostDigits + 1)
            return false;

        var (digits, count, decimals) = (0L, 0, -1);
        foreach (var letter in json)
        {
            var digit = letter - '0';
            if (digit is >= 0 and <= 9)
            {
                digits = (digits * 10) + digit;
                count++;
                if (decimals >= 0)
                    decimals++;
            }
            else if (letter == '.' && decimals < 0)
            {
                decimals = 0;
            }
            else
            {
                return false;
            }
        }
        if (count is 0 or > MostDigits)
            return false;
        value = digits / Powers[Math.Max(decimals, 0)];
        if (negative)
            value = -value;
        return true;
    }
}
