using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.StreamProcessor.Tests;

public sealed class EntityFeaturesTests
{
    const long Monday = 1_704_067_200_000;
    const long DayMs = 86_400_000;

    static readonly IReadOnlyList<SeriesColumn> Columns = [SeriesColumn.Of("steady", "{request}/s"), SeriesColumn.Of("daily", "{request}/s")];

    [Theory]
    [InlineData(30_000)]
    [InlineData(60_000)]
    [InlineData(300_000)]
    [InlineData(600_000)]
    public void What_each_hour_is_usually_like_is_learned_for_the_cadence_of_minutes_and_outlives_a_restart(int intervalMs)
    {
        var random = new SeededRandom(1);
        var (features, restored) = (new EntityFeatures(), (EntityFeatures?)null);
        features.Bind(Columns);
        float[] last = [];
        for (var t = Monday; t < Monday + (8 * DayMs); t += intervalMs)
        {
            double[] values = [100 + random.NextGaussian(), (t % DayMs < DayMs * 5 / 8 ? 100 : 300) + random.NextGaussian()];
            var tick = features.Update(t, values, out var minute);
            var again = restored?.Update(t, values, out _);
            if (again is not null)
                again.Features.ShouldBe(tick.Features);
            if (t == Monday + (6 * DayMs))
                restored = Restore(features);
            last = features.TickCadenceMs == 60_000 ? tick.Features : minute?.Features ?? last;
        }

        last[FeatureSpec.Season].ShouldBe(0, "a series without a rhythm is left alone");
        last[FeatureSpec.Count + FeatureSpec.Season].ShouldNotBe(0);
        last[FeatureSpec.Count + FeatureSpec.Baseline].ShouldBe(300, 30);
    }

    static EntityFeatures Restore(EntityFeatures features)
    {
        using var stream = new MemoryStream();
        features.Write(new BinaryWriter(stream));
        return EntityFeatures.Read(new BinaryReader(new MemoryStream(stream.ToArray())));
    }
}
