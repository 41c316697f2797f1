using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using Xunit;

namespace Forewarn.Contracts.Tests;

public sealed class ShortNumberTests
{
    static readonly Gen<double> Numbers = Gen.OneOf(
        Gen.Double,
        Gen.Select(Gen.Long[-999_999_999_999_999, 999_999_999_999_999], Gen.Int[0, 15], (digits, decimals) => digits / Math.Pow(10, decimals)),
        Gen.Select(Gen.Int[-9_999_999, 9_999_999], Gen.Int[-9, 9], (digits, exponent) => double.Parse($"{digits}e{exponent}", CultureInfo.InvariantCulture)),
        Gen.Double.Special);

    [Fact]
    public void What_is_written_is_a_JSON_number_that_reads_back_to_the_same_bit() => Numbers.Sample(value =>
    {
        if (!TryWrite(value, out var text))
            return;
        using var json = JsonDocument.Parse(text);
        Assert.Equal(BitConverter.DoubleToInt64Bits(value), BitConverter.DoubleToInt64Bits(json.RootElement.GetDouble()));
    }, iter: 200_000);

    [Fact]
    public void A_number_is_written_as_shortly_as_the_general_writer_does() => Numbers.Sample(value =>
    {
        var general = value.ToString("R", CultureInfo.InvariantCulture);
        if (TryWrite(value, out var text) && !general.Contains('E', StringComparison.Ordinal))
            Assert.Equal(general, text);
    }, iter: 200_000);

    [Theory]
    [InlineData(0, "0")]
    [InlineData(-12.5, "-12.5")]
    [InlineData(0.000012, "0.000012")]
    [InlineData(123456.7, "123456.7")]
    [InlineData(999999999999999, "999999999999999")]
    [InlineData(1e-15, "0.000000000000001")]
    public void Ordinary_numbers_take_the_short_way(double value, string expected)
    {
        Assert.True(TryWrite(value, out var text));
        Assert.Equal(expected, text);
    }

    [Theory]
    [InlineData(-0.0)]
    [InlineData(1e15)]
    [InlineData(1e-16)]
    [InlineData(0.30000000000000004)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void What_takes_more_is_left_to_the_general_way(double value) => Assert.False(TryWrite(value, out _));

    static bool TryWrite(double value, out string text)
    {
        Span<byte> utf8 = stackalloc byte[ShortNumber.MostBytes];
        var isShort = ShortNumber.TryWrite(value, utf8, out var length);
        text = Encoding.UTF8.GetString(utf8[..length]);
        return isShort;
    }
}
