using System.Buffers;
using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Hosting;
using Forewarn.Models;

namespace Forewarn.Predictor;

/// <summary>A tick to be scored.</summary>
readonly record struct TickWork(EntitySlot<PredictorState> Slot, FeatureBatch Batch, SeriesSchema Schema, FeatureTick Tick);

/// <summary>A tick that the champion has decided on.</summary>
/// <param name="At">Its place in <see cref="ScoredTicks.Work"/>.</param>
/// <param name="Opened">The champion opened a decision on it, whether or not another decides on the entity.</param>
/// <param name="IsOpen">A decision on its entity was open after it, on either cadence.</param>
readonly record struct DecidedTick(int At, bool Opened, bool IsOpen);

/// <summary>Ticks with their scores; gives its buffers back when disposed.</summary>
/// <param name="work">The ticks.</param>
/// <param name="rows">Rented; a row of <see cref="RowSpec.Count"/> for each tick, at least.</param>
/// <param name="scores">Rented; at least as many as ticks.</param>
/// <param name="model">What scored them.</param>
/// <param name="joint">What groups' models made of them.</param>
/// <param name="at">When, unix milliseconds.</param>
sealed class ScoredTicks(List<TickWork> work, float[] rows, float[] scores, LoadedModel model, JointTicks joint, long at) : IDisposable
{
    public List<TickWork> Work { get; } = work;
    public ReadOnlySpan<float> Rows => rows.AsSpan(0, Work.Count * RowSpec.Count);
    public float[] Scores { get; } = scores;
    public LoadedModel Model { get; } = model;
    public JointTicks Joint { get; } = joint;
    public long At { get; } = at;

    /// <summary>Those of <see cref="Work"/> that were decided on, in order.</summary>
    public List<DecidedTick> Decided { get; } = new(work.Count);

    public ReadOnlySpan<float> Row(int index) => rows.AsSpan(index * RowSpec.Count, RowSpec.Count);

    public void Dispose()
    {
        Joint.Dispose();
        ArrayPool<float>.Shared.Return(rows);
        ArrayPool<float>.Shared.Return(Scores);
    }
}

/// <summary>Scores all ticks of a delivery in one run of the model, and in one run of each group's model.</summary>
sealed class Scoring(ModelHolder models, JointScoring joint, TimeProvider time, Telemetry telemetry)
{
    public ScoredTicks Run(List<TickWork> work, LoadedModel model)
    {
        var rows = ArrayPool<float>.Shared.Rent(Math.Max(1, work.Count * RowSpec.Count));
        var scores = ArrayPool<float>.Shared.Rent(Math.Max(1, work.Count));
        try
        {
            for (var i = 0; i < work.Count; i++)
                EntityDetector.Prepare(work[i].Tick, work[i].Schema.Columns.Count, rows.AsSpan(i * RowSpec.Count, RowSpec.Count));
            var started = time.GetTimestamp();
            var used = Score(model, rows.AsSpan(0, work.Count * RowSpec.Count), work.Count, scores);
            var jointly = joint.Run(work);
            if (work.Count > 0)
                telemetry.Scored(work.Count, time.GetElapsedTime(started));
            return new ScoredTicks(work, rows, scores, used, jointly, time.GetUtcNow().ToUnixTimeMilliseconds());
        }
        catch
        {
            ArrayPool<float>.Shared.Return(rows);
            ArrayPool<float>.Shared.Return(scores);
            throw;
        }
    }

    LoadedModel Score(LoadedModel model, ReadOnlySpan<float> rows, int count, Span<float> scores)
    {
        if (count == 0)
            return model;
        while (true)
        {
            try
            {
                model.Scorer.Score(rows, count, scores);
                return model;
            }
            catch (ObjectDisposedException) when (models.Current is { } next && next != model)
            {
                // It was swapped between the delivery's arrival and here; all rows go to the next one.
                model = next;
            }
        }
    }
}
