using CsCheck;

namespace Forewarn.Analytics.Tests.Joint;

public sealed class JointRowTests
{
    [Fact]
    public void Its_features_are_the_first_of_a_series_and_the_short_ones_the_first_of_these()
    {
        JointRow.Names.ShouldBe(FeatureSpec.Names.Take(12));
        JointRow.Count.ShouldBe(12);
        JointRow.Names.Take(JointRow.ShortCount).ShouldNotContain(name => name.Contains("240"));
        JointRow.Names.Skip(JointRow.ShortCount).ShouldBe(["mean240", "std240"]);
    }

    [Fact]
    public void Each_slot_gets_the_features_of_its_column_and_NaN_without_one() =>
        Gen.Select(Gen.Int[1, 9], Gen.Int[-1, 8].Array[0, 12]).Sample((columns, wanted) =>
        {
            int[] columnOfSlot = [.. wanted.Select(column => Math.Min(column, columns - 1))];
            float[] features = [.. Enumerable.Range(0, columns * FeatureSpec.Count).Select(i => (float)i)];
            var row = new float[(columnOfSlot.Length * JointRow.Count) + 1];

            JointRow.Gather(features, columnOfSlot, row);

            for (var slot = 0; slot < columnOfSlot.Length; slot++)
            {
                for (var i = 0; i < JointRow.Count; i++)
                    row[(slot * JointRow.Count) + i].ShouldBe(columnOfSlot[slot] < 0 ? float.NaN : (columnOfSlot[slot] * FeatureSpec.Count) + i);
            }
            row[^1].ShouldBe(0);
        });

    [Fact]
    public void A_masked_series_is_a_masked_slot_and_leaves_the_others_alone()
    {
        var (rows, row) = (new JointRows(3), new float[3 * JointRow.Count]);
        for (var i = 0; i < 5; i++)
            rows.Update([1, double.NaN, i], row);
        row.AsSpan(0, JointRow.Count).ToArray().ShouldAllBe(value => float.IsFinite(value));
        row.AsSpan(JointRow.Count, JointRow.Count).ToArray().ShouldAllBe(value => float.IsNaN(value));
        row[(2 * JointRow.Count) + FeatureSpec.Mean5].ShouldBe(2);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Should.Throw<ArgumentException>(() => JointRow.Gather(new float[FeatureSpec.Count], [0, -1], new float[(2 * JointRow.Count) - 1])).Message.ShouldContain("2 slots need 24 places");
        Should.Throw<ArgumentOutOfRangeException>(() => JointRow.Gather(new float[FeatureSpec.Count], [1], new float[JointRow.Count]));
    }
}
