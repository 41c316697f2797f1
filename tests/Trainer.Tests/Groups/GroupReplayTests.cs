using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.Trainer.Tests.Groups;

public sealed class GroupReplayTests
{
    const int Ticks = 400;

    static readonly SeriesSchema Schema = FakeFleet.Columns(4);

    [Fact]
    public void Rows_are_the_features_that_production_computes_behind_the_first_of_a_stretch()
    {
        var rows = Replay(Schema, [], stride: 1);
        var series = Schema.Columns.Select(column => new SeriesFeatures(column.Unit)).ToArray();
        var (features, row, at) = (new float[4 * FeatureSpec.Count], new float[4 * JointRow.Count], 0);
        for (var tick = 0; tick < Ticks; tick++)
        {
            var values = FakeFleet.Values(Schema, "a", tick);
            for (var i = 0; i < 4; i++)
                series[i].Update(tick * 1000L, values[i], features.AsSpan(i * FeatureSpec.Count, FeatureSpec.Count));
            JointRow.Gather(features, [0, 1, 2, 3], row);
            if (tick < JointTraining.Settling)
                continue;
            rows.Times[at].ShouldBe(tick * 1000L);
            rows.Rows.AsSpan(at * row.Length, row.Length).ToArray().ShouldBe(row);
            at++;
        }
        rows.Count.ShouldBe(at);
    }

    [Fact]
    public void A_metric_is_found_by_its_id_whatever_else_there_was_and_in_whichever_order()
    {
        var before = SeriesSchema.Of([SeriesColumn.Of("vanished", "By"), .. Schema.Columns.Reverse()]);
        var replay = new GroupReplay(Schema, [], stride: 1);
        for (var tick = 0; tick < Ticks; tick++)
        {
            var values = FakeFleet.Values(Schema, "a", tick);
            if (tick < Ticks / 2)
                replay.Add(tick * 1000L, before, [1e9, .. values.Reverse()]);
            else
                replay.Add(tick * 1000L, Schema, values);
        }
        replay.EndStretch();

        replay.Rows().ShouldBe(Replay(Schema, [], stride: 1).Rows);
    }

    [Fact]
    public void A_time_before_most_of_the_columns_came_up_gives_no_rows()
    {
        var replay = new GroupReplay(Schema, [], stride: 1);
        for (var tick = 0; tick < Ticks; tick++)
            replay.Add(tick * 1000L, tick < 200 ? FakeFleet.Columns(1) : Schema, FakeFleet.Values(Schema, "a", tick)[..(tick < 200 ? 1 : 4)]);
        replay.EndStretch();

        replay.Times[0].ShouldBe(200_000);
        replay.Times.Count.ShouldBe(200);
    }

    [Fact]
    public void What_is_left_out_moves_windows_on_and_gives_no_row()
    {
        var all = Replay(Schema, [], stride: 1);
        var some = Replay(Schema, [(100_000, 150_000)], stride: 1);

        some.Times.ShouldBe(all.Times.Where(t => t is < 100_000 or > 150_000));
        var width = 4 * JointRow.Count;
        some.Rows[^width..].ShouldBe(all.Rows[^width..]);
        some.Rows.Length.ShouldBe(all.Rows.Length - (51 * width));
    }

    [Fact]
    public void A_stretch_forgets_the_one_before_and_every_nth_tick_is_a_row()
    {
        var replay = new GroupReplay(Schema, [], stride: 4);
        for (var stretch = 0; stretch < 2; stretch++)
        {
            for (var tick = 0; tick < Ticks; tick++)
                replay.Add((stretch * 100_000_000L) + (tick * 1000L), Schema, FakeFleet.Values(Schema, "a", tick));
            replay.EndStretch();
        }

        var (rows, each) = (replay.Rows(), (Ticks - JointTraining.Settling) / 4);
        replay.Times.Count.ShouldBe(2 * each);
        replay.Times.Take(2).ShouldBe([60_000, 64_000]);
        rows[..(rows.Length / 2)].ShouldBe(rows[(rows.Length / 2)..]);
    }

    static TimedRows Replay(SeriesSchema schema, IReadOnlyList<(long, long)> leftOut, int stride)
    {
        var replay = new GroupReplay(schema, leftOut, stride);
        for (var tick = 0; tick < Ticks; tick++)
            replay.Add(tick * 1000L, schema, FakeFleet.Values(schema, "a", tick));
        replay.EndStretch();
        return new TimedRows(replay.Rows(), replay.Times);
    }
}
