using CsCheck;

namespace Forewarn.Analytics.Tests.Features;

public sealed class CounterRateTests
{
    const long T0 = 1_700_000_000_000;

    static readonly Gen<(int Ms, double More, bool IsReset, bool IsRepeated)[]> Steps =
        Gen.Select(Gen.Int[1, 3_600_000], Gen.OneOf(Gen.Double[0, 1e6], Gen.Int[0, 3].Select(i => (double)i)), Gen.Bool, Gen.Bool).Array[1, 100];

    [Fact]
    public void Rates_times_their_intervals_are_what_was_counted_under_any_resets_that_show()
    {
        Gen.Select(Steps, Gen.Bool).Sample((steps, knowsStart) =>
        {
            var counter = default(CounterRate);
            long t = T0, start = T0 - 1;
            double value = 1000, counted = 0, told = 0;
            counter.Take(t, value, knowsStart ? start : 0).ShouldBe(double.NaN);
            foreach (var (ms, more, isReset, isRepeated) in steps)
            {
                // Without a start time a reset shows by a smaller value only.
                if (isReset && (knowsStart || more < value))
                    (value, start) = (0, t);
                (t, value, counted) = (t + ms, value + more, counted + more);
                var rate = counter.Take(t, value, knowsStart ? start : 0);
                rate.ShouldBeGreaterThanOrEqualTo(0);
                told += rate * ms / 1000;
                if (isRepeated)
                {
                    counter.Take(t, value, knowsStart ? start : 0).ShouldBe(double.NaN);
                    counter.Take(t - ms, value / 2, knowsStart ? start : 0).ShouldBe(double.NaN);
                }
            }

            told.ShouldBe(counted, 1e-9 * (counted + 1e6));
        });
    }

    [Fact]
    public void No_input_makes_a_rate_negative_or_infinite()
    {
        var samples = Gen.Select(Gen.Long[-10, 10_000_000], Gen.Double, Gen.Long[0, 20]).Array[1, 50];
        samples.Sample(inputs =>
        {
            var counter = default(CounterRate);
            foreach (var (t, value, start) in inputs)
            {
                var rate = counter.Take(t, value, start);
                (double.IsNaN(rate) || (rate >= 0 && double.IsFinite(rate))).ShouldBeTrue();
            }
        });
    }

    [Theory]
    [InlineData(3_600_000, 1)]
    [InlineData(3_600_001, double.NaN)]
    public void A_longer_gap_than_an_hour_gives_none(long gap, double expected)
    {
        var counter = default(CounterRate);
        counter.Take(T0, 0);
        var rate = counter.Take(T0 + gap, gap / 1000.0);
        double.IsNaN(rate).ShouldBe(double.IsNaN(expected));
        counter.Take(T0 + gap + 1000, (gap / 1000.0) + 7).ShouldBe(7, 1e-9);
    }

    [Fact]
    public void A_later_start_is_a_reset_even_when_more_was_counted_since_and_an_earlier_one_is_out_of_order()
    {
        var counter = default(CounterRate);
        counter.Take(T0, 100, T0 - 10);
        counter.Take(T0 + 1000, 500, T0 + 1).ShouldBe(500);
        counter.Take(T0 + 2000, 900, T0 - 10).ShouldBe(double.NaN);
        counter.Take(T0 + 3000, 520, T0 + 1).ShouldBe(10);
    }

    [Fact]
    public void A_counter_that_falls_from_near_its_greatest_number_was_reset()
    {
        var counter = default(CounterRate);
        counter.Take(T0, uint.MaxValue);
        counter.Take(T0 + 1000, 5).ShouldBe(5);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void What_is_no_count_changes_nothing(double value)
    {
        var counter = default(CounterRate);
        counter.Take(T0, 10);
        counter.Take(T0 + 1000, value).ShouldBe(double.NaN);
        counter.Take(T0 + 2000, 30).ShouldBe(10);
    }
}
