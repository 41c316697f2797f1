using CsCheck;
using Forewarn.Analytics;

namespace Forewarn.Trainer.Tests;

public sealed class TrainingSetTests
{
    static readonly TrainingRows Generated = new(Numbers(0, 6000), 6000, RowSpec.Count);

    [Fact]
    public void Without_history_every_generated_row_is_used()
    {
        var set = TrainingSet.Build(HistorySample.Empty, Generated, minRows: 2000, seed: 1);

        set.Record.Source.ShouldBe("generated");
        set.Record.HistoryRows.ShouldBe(0);
        set.RowCount.ShouldBe(6000);
    }

    [Fact]
    public void Short_history_is_filled_up_and_says_so()
    {
        var set = TrainingSet.Build(History(450), Generated, minRows: 2000, seed: 1);

        set.Record.Source.ShouldBe("history+generated");
        set.Record.HistoryRows.ShouldBe(450);
        set.Record.Rows.ShouldBeInRange(2000, 2300);
        (set.Record.From, set.Record.To).ShouldBe((1000L, 9000L));
    }

    [Fact]
    public void Long_history_stands_alone()
    {
        var set = TrainingSet.Build(History(3000), Generated, minRows: 2000, seed: 1);

        set.Record.Source.ShouldBe("history");
        set.Record.Rows.ShouldBe(3000);
    }

    [Fact]
    public void Folds_hold_every_row_once_and_are_of_about_one_size() =>
        Gen.Select(Gen.Int[0, 5000], Gen.Int[0, 1000]).Sample((rows, seed) =>
        {
            var set = TrainingSet.Build(History(rows), Generated, minRows: 2000, seed);
            var first = Enumerable.Range(0, set.RowCount).Select(i => set.Rows[i * RowSpec.Count]).ToArray();

            first.Distinct().Count().ShouldBe(first.Length);
            set.FoldEnds.Count.ShouldBe(5);
            set.FoldEnds[^1].ShouldBe(set.RowCount);
            for (var fold = 0; fold < 5; fold++)
            {
                var (start, end) = set.Fold(fold);
                (end - start).ShouldBeInRange((set.RowCount / 5) - 210, (set.RowCount / 5) + 211);
                set.Without(fold).Length.ShouldBe((set.RowCount - (end - start)) * RowSpec.Count);
            }
        }, iter: 30, threads: 1);

    [Fact]
    public void A_fold_left_out_is_left_out()
    {
        var set = TrainingSet.Build(History(1000), Generated, minRows: 2000, seed: 3);
        var (start, end) = set.Fold(2);
        var left = set.Without(2).Chunk(RowSpec.Count).Select(row => row[0]).ToHashSet();

        for (var i = 0; i < set.RowCount; i++)
            left.Contains(set.Rows[i * RowSpec.Count]).ShouldBe(i < start || i >= end);
    }

    [Fact]
    public void The_same_rows_and_seed_give_the_same_set_and_another_seed_another()
    {
        var set = TrainingSet.Build(History(450), Generated, minRows: 2000, seed: 1);

        TrainingSet.Build(History(450), Generated, minRows: 2000, seed: 1).Record.DataHash.ShouldBe(set.Record.DataHash);
        TrainingSet.Build(History(450), Generated, minRows: 2000, seed: 2).Record.DataHash.ShouldNotBe(set.Record.DataHash);
    }

    static HistorySample History(int rows) => rows == 0
        ? HistorySample.Empty
        : new([new RowBlock(Numbers(1_000_000, rows), 1000, 9000)], 1);

    // The first number of a row tells rows apart.
    static float[] Numbers(int start, int rows)
    {
        var numbers = new float[rows * RowSpec.Count];
        for (var i = 0; i < rows; i++)
            numbers[i * RowSpec.Count] = start + i;
        return numbers;
    }
}
