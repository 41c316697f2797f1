using CsCheck;

namespace Forewarn.Analytics.Tests.Lanes;

public sealed class LanePartsTests
{
    [Fact]
    public void The_nearest_value_is_the_nearest_of_all_while_they_fit() => Gen.Double[-1e6, 1e6].Array[1, ValueMemory.Capacity - 1].Sample(
        values =>
        {
            var memory = new ValueMemory();
            for (var i = 0; i < values.Length; i++)
            {
                memory.Take(values[i]).ShouldBe(i == 0 ? 0 : values[..i].Min(seen => Math.Abs(seen - values[i])));
            }
        },
        iter: 30);

    [Fact]
    public void A_full_memory_errs_little_where_values_are_dense_and_not_at_all_beyond_the_outermost()
    {
        var (memory, random) = (new ValueMemory(), new SeededRandom(1));
        var seen = new List<double>();
        for (var i = 0; i < 20_000; i++)
        {
            var value = i == 50 ? 1e30 : i % 500 == 0 ? 10 * random.NextGaussian() : random.NextGaussian();
            var distance = memory.Take(value);
            if (i > 50 && i % 97 == 0)
            {
                var exact = seen.Min(other => Math.Abs(other - value));
                distance.ShouldBeInRange(exact, exact + 0.1);
                distance.ShouldBe(value < seen.Min() ? exact : distance);
            }

            seen.Add(value);
        }
    }

    [Fact]
    public void An_event_is_told_once_at_any_threshold_unless_it_grows_several_times_as_strange()
    {
        var told = new ToldOnce();
        var scores = new double[400];
        for (var i = 0; i < 10; i++)
        {
            scores[100 + i] = 1 + (0.1 * i);
        }

        scores[115] = 3;
        scores[350] = 1;
        var heard = scores.Select((score, i) => (Score: told.Take(score), At: i)).Where(point => point.Score > 0).ToArray();
        heard.ShouldBe([(1.0, 100), (3.0, 115), (1.0, 350)]);
    }

    [Fact]
    public void What_is_not_worth_telling_passes_and_silences_nothing()
    {
        var told = new ToldOnce();
        told.Take(0.3).ShouldBe(0.3);
        told.Take(0.39).ShouldBe(0.39);
        told.Take(0.5).ShouldBe(0.5);
        told.Take(0.3).ShouldBe(0.3);
        told.Take(0.6).ShouldBe(0);
    }

    [Fact]
    public void Rarity_is_the_share_of_the_past_beyond()
    {
        var (rarity, random) = (new TailRarity(), new SeededRandom(9));
        var beyond = new int[2];
        const int Points = 40_000;
        for (var i = 0; i < Points; i++)
        {
            var rare = rarity.Take(random.NextExponential(1));
            beyond[0] += rare >= 1 ? 1 : 0;
            beyond[1] += rare >= 2.5 ? 1 : 0;
        }

        (beyond[0] / (double)Points).ShouldBeInRange(0.08, 0.12);
        (beyond[1] / (double)Points).ShouldBeInRange(0.0022, 0.0045);
    }
}
