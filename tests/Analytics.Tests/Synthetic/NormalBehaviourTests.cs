namespace Forewarn.Analytics.Tests.Synthetic;

public sealed class NormalBehaviourTests
{
    [Fact]
    public void The_same_seed_gives_the_same_rows()
    {
        var first = NormalBehaviour.FirstTrainingRows(5, entities: 4, ticks: 200);
        first.Rows.ShouldBe(NormalBehaviour.FirstTrainingRows(5, entities: 4, ticks: 200).Rows);
        first.Rows.ShouldNotBe(NormalBehaviour.FirstTrainingRows(6, entities: 4, ticks: 200).Rows);
    }

    [Fact]
    public void Rows_are_complete_finite_and_varied()
    {
        var rows = NormalBehaviour.Generate(1, entities: 6, series: 20, ticks: 400);
        rows.Features.ShouldBe(RowSpec.Count);
        rows.RowCount.ShouldBe(6 * 85);
        rows.Rows.Length.ShouldBe(rows.RowCount * rows.Features);
        rows.Rows.ShouldAllBe(value => float.IsFinite(value));
        for (var feature = 0; feature < rows.Features; feature++)
        {
            Enumerable.Range(0, rows.RowCount).Select(i => rows.Row(i)[feature]).Distinct().Count().ShouldBeGreaterThan(1, RowSpec.Names[feature]);
        }
    }
}
