namespace Forewarn.Analytics.Tests.Rows;

public sealed class RowSpecTests
{
    [Fact]
    public void Names_and_count_agree()
    {
        RowSpec.Names.Count.ShouldBe(RowSpec.Count);
        RowSpec.Names.Distinct().Count().ShouldBe(RowSpec.Count);
        FeatureSpec.Names.Count.ShouldBe(FeatureSpec.Count);
    }

    [Fact]
    public void Levels_are_ranked_and_compressed()
    {
        var row = RowOf([2, -30, 7, 0, 4, 1]);
        Entry(row, "level_max").ShouldBe(MathF.Log(31), 1e-5f);
        Entry(row, "level_2nd").ShouldBe(MathF.Log(8), 1e-5f);
        Entry(row, "level_3rd").ShouldBe(MathF.Log(5), 1e-5f);
        Entry(row, "level_top5").ShouldBe(MathF.Log(1 + ((30 + 7 + 4 + 2 + 1) / 5f)), 1e-5f);
        Entry(row, "level_share").ShouldBe(3 / 16f, 1e-5f);
        Entry(row, "level_far_share").ShouldBe(1 / 16f, 1e-5f);
    }

    [Fact]
    public void Masked_series_do_not_count()
    {
        var masked = RowOf([2, float.NaN, -30, 7, float.NaN]);
        masked.ShouldBe(RowOf([2, -30, 7]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(500)]
    public void Any_number_of_series_gives_a_finite_row(int series)
    {
        RowOf([.. Enumerable.Repeat(50f, series)]).ShouldAllBe(entry => float.IsFinite(entry));
        RowOf([.. Enumerable.Repeat(float.NaN, series)]).ShouldAllBe(entry => entry == 0);
    }

    [Fact]
    public void The_order_of_series_does_not_matter() =>
        RowOf([5, 1, -9, 3]).ShouldBe(RowOf([-9, 3, 5, 1]));

    [Fact]
    public void Too_small_a_row_is_refused() =>
        Should.Throw<ArgumentException>(() => RowSpec.Fill(new float[FeatureSpec.Count], 1, new float[RowSpec.Count - 1]));

    static float Entry(float[] row, string name) => row[RowSpec.Names.ToList().IndexOf(name)];

    static float[] RowOf(float[] levels)
    {
        var features = new float[levels.Length * FeatureSpec.Count];
        for (var i = 0; i < levels.Length; i++)
        {
            var own = features.AsSpan(i * FeatureSpec.Count, FeatureSpec.Count);
            own.Fill(float.IsNaN(levels[i]) ? float.NaN : 1);
            own[FeatureSpec.ZLevel] = levels[i];
        }

        var row = new float[RowSpec.Count];
        RowSpec.Fill(features, levels.Length, row);
        return row;
    }
}
