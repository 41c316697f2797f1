namespace Forewarn.Analytics.Tests.Joint;

public sealed class JointModelTests
{
    const int Metrics = 6;
    const int Width = Metrics * JointRow.Count;
    const int Rows = 3000;

    static readonly float[] Past = JointSamples.Past(Rows, Metrics).Features;
    static readonly float[] Learned = Past[(JointTraining.Settling * Width)..];
    static readonly TrainedJoint Trained = JointTraining.Run([Learned], Metrics, new JointOptions());

    [Fact]
    public void The_same_rows_and_seed_give_the_same_bytes_and_another_seed_others()
    {
        var bytes = JointSamples.Bytes(Trained.Model.Write);
        var again = JointTraining.Run([(float[])Learned.Clone()], Metrics, new JointOptions());
        JointSamples.Bytes(again.Model.Write).ShouldBe(bytes);
        JointSamples.Bytes(again.Scalings[0].Write).ShouldBe(JointSamples.Bytes(Trained.Scalings[0].Write));
        again.Scores.ShouldBe(Trained.Scores);
        var other = JointTraining.Run([Learned], Metrics, new JointOptions { References = 500, Seed = 2 });
        JointSamples.Bytes(other.Model.Write).ShouldNotBe(JointSamples.Bytes(JointTraining.Run([Learned], Metrics, new JointOptions { References = 500 }).Model.Write));
    }

    [Fact]
    public void A_model_survives_its_checkpoint_and_a_row_scores_alike_in_any_company()
    {
        var copy = JointSamples.Copy(Trained.Model.Write, JointModel.Read);
        var scaling = JointSamples.Copy(Trained.Scalings[0].Write, JointScaling.Read);
        JointBatch many = new(Trained.Model), one = new(copy, capacity: 1);
        for (var row = 1000; row < 1000 + many.Capacity; row++)
            many.Add(Past.AsSpan(row * Width, Width), Trained.Scalings[0]);
        many.Score();
        for (var row = 0; row < many.Count; row++)
        {
            one.Clear();
            one.Add(Past.AsSpan((1000 + row) * Width, Width), scaling);
            one.Score();
            one.ScoreOf(0).ShouldBe(many.ScoreOf(row));
            one.ContributionsOf(0).ToArray().ShouldBe(many.ContributionsOf(row).ToArray());
            one.ExpectedOf(0, 1).ShouldBe(many.ExpectedOf(row, 1));
        }
    }

    [Fact]
    public void A_damaged_model_is_refused()
    {
        var bytes = JointSamples.Bytes(Trained.Model.Write);
        foreach (var (at, value) in new[] { (0, (byte)9), (1, (byte)(Metrics + 1)), (1, (byte)0), (6, (byte)3) })
        {
            byte[] damaged = [.. bytes];
            damaged[at] = value;
            Should.Throw<InvalidDataException>(() => JointModel.Read(new BinaryReader(new MemoryStream(damaged))));
        }
    }

    [Fact]
    public void A_metric_that_leaves_the_others_is_blamed_and_its_expected_value_is_named()
    {
        var (_, rolling, random) = JointSamples.Past(Rows, Metrics);
        var (batch, features) = (new JointBatch(Trained.Model), new float[Width]);
        for (var t = Rows; t < Rows + 10; t++)
        {
            var values = JointSamples.Tick(random, t, Metrics);
            var usual = values[2];
            values[2] += 4;
            rolling.Update(values, features);
            batch.Add(features, Trained.Scalings[0]);
            batch.Score();
            var last = batch.Count - 1;
            batch.ScoreOf(last).ShouldBeGreaterThan(Trained.Scores.Max());
            var contributions = batch.ContributionsOf(last);
            contributions.IndexOf(contributions.ToArray().Max()).ShouldBe(2);
            Math.Abs(batch.ExpectedOf(last, 2) - usual).ShouldBeLessThan(Math.Abs(values[2] - usual));
        }
    }

    [Fact]
    public void A_metric_that_vanishes_does_not_blind_the_others()
    {
        var (_, rolling, random) = JointSamples.Past(Rows, Metrics);
        var (batch, features) = (new JointBatch(Trained.Model, capacity: 1), new float[Width]);
        var ordinary = Trained.Scores.Order().ElementAt(Trained.Scores.Length * 99 / 100);
        var quiet = new List<float>();
        for (var t = Rows; t < Rows + 220; t++)
        {
            var values = JointSamples.Tick(random, t, Metrics);
            values[0] = double.NaN;
            values[3] += t >= Rows + 210 ? 5 : 0;
            rolling.Update(values, features);
            batch.Clear();
            batch.Add(features, Trained.Scalings[0]);
            batch.Score();
            batch.ContributionsOf(0)[0].ShouldBe(0);
            float.IsFinite(batch.ScoreOf(0)).ShouldBeTrue();
            if (t < Rows + 210)
                quiet.Add(batch.ScoreOf(0));
            else
                batch.ScoreOf(0).ShouldBeGreaterThan(ordinary);
        }
        quiet.Order().ElementAt(105).ShouldBeLessThan(ordinary);
    }

    [Fact]
    public void A_metric_that_training_never_saw_stays_masked_and_a_row_of_nothing_is_ordinary()
    {
        var past = (float[])Past.Clone();
        for (var row = 0; row < Rows; row++)
            past.AsSpan(row * Width, JointRow.Count).Fill(float.NaN);
        var trained = JointTraining.Run([past], Metrics, new JointOptions());
        var (batch, features) = (new JointBatch(trained.Model), Past.AsSpan(2000 * Width, Width).ToArray());
        batch.Add(features, trained.Scalings[0]);
        batch.Add(Enumerable.Repeat(float.NaN, Width).ToArray(), trained.Scalings[0]);
        batch.Score();
        batch.ContributionsOf(0)[0].ShouldBe(0);
        batch.ContributionsOf(0)[1..].ToArray().Sum().ShouldBeGreaterThan(0);
        double.IsNaN(batch.ExpectedOf(0, 0)).ShouldBeTrue();
        double.IsNaN(batch.ExpectedOf(0, 1)).ShouldBeFalse();
        batch.ContributionsOf(1).ToArray().ShouldAllBe(contribution => contribution == 0);
    }

    [Fact]
    public void Entities_of_a_group_differ_in_scale_only()
    {
        var larger = new float[Past.Length];
        for (var i = 0; i < Past.Length; i++)
            larger[i] = 1024 * Past[i];
        var trained = JointTraining.Run([Past, larger], Metrics, new JointOptions());
        var batch = new JointBatch(trained.Model);
        batch.Add(Past.AsSpan(1500 * Width, Width), trained.Scalings[0]);
        batch.Add(larger.AsSpan(1500 * Width, Width), trained.Scalings[1]);
        batch.Score();
        batch.ScoreOf(1).ShouldBe(batch.ScoreOf(0), 1e-3f);
        batch.ExpectedOf(1, 2).ShouldBe(1024 * batch.ExpectedOf(0, 2), 0.1);
    }

    [Fact]
    public void A_tick_allocates_nothing()
    {
        var (rolling, batch, features, values) = (new JointRows(Metrics), new JointBatch(Trained.Model, capacity: 4), new float[Width], new double[Metrics]);
        for (var warm = 0; warm < 10; warm++)
            Tick();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            Tick();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        void Tick()
        {
            rolling.Update(values, features);
            batch.Clear();
            batch.Add(features, Trained.Scalings[0]);
            batch.Add(features, Trained.Scalings[0]);
            batch.Score();
        }
    }

    [Fact]
    public void What_cannot_be_trained_or_scored_is_refused()
    {
        Should.Throw<ArgumentException>(() => JointTraining.Run([Past[..(100 * Width)]], Metrics, new JointOptions())).Message.ShouldContain("got 100 rows");
        Should.Throw<ArgumentException>(() => JointTraining.Run([Past[..^1]], Metrics, new JointOptions()));
        var batch = new JointBatch(Trained.Model, capacity: 1);
        Should.Throw<ArgumentException>(() => batch.Add(new float[Width - 1], Trained.Scalings[0]));
        batch.Add(Past.AsSpan(0, Width), Trained.Scalings[0]);
        Should.Throw<InvalidOperationException>(() => batch.Add(Past.AsSpan(0, Width), Trained.Scalings[0])).Message.ShouldContain("score and clear");
        Should.Throw<ArgumentOutOfRangeException>(() => batch.ScoreOf(1));
    }
}
