using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.Predictor;

/// <summary>
/// One delivery of <c>metrics.features</c>: lease the entities, score all their new ticks in one run of the model, decide,
/// publish. It returns when every entity's outbox is empty and throws otherwise, so that the broker delivers again; what
/// was decided is then recognised and only the publishing is repeated.
/// </summary>
sealed class FeaturePipeline(
    EntityRegistry<PredictorState> registry, StateLoader loader, MessageSchemas<FeatureBatch> schemas, ModelHolder models,
    BudgetHolder budgets, Scoring scoring, VerdictWriter verdicts, PredictionOutlet outlet, ChampionWatching watching, ShadowScoring shadow,
    TimeProvider time, Telemetry telemetry)
{
    public async Task HandleAsync(IReadOnlyList<FeatureBatch> messages, CancellationToken cancellationToken)
    {
        var model = await models.RequireAsync(cancellationToken);
        var readable = await schemas.ResolveAsync(messages, cancellationToken);
        if (readable.Count == 0)
            return;
        using var lease = await registry.LeaseAsync(readable.Keys, cancellationToken);
        await loader.PrepareAsync(lease, readable, cancellationToken);

        using var scored = scoring.Run(Collect(lease, readable), model);
        try
        {
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            var at = 0;
            foreach (var slot in lease.Slots)
                at = Decide(slot, scored, at, now);
            foreach (var slot in lease.Slots)
                Accept(slot, readable[slot.Entity], now);
            await outlet.FlushAsync(lease.Slots, cancellationToken);
        }
        finally
        {
            // Last, so that no alarm waits for it; also after a failed publish: these ticks are not scored again.
            watching.Observe(scored);
            shadow.Observe(scored);
        }
    }

    List<TickWork> Collect(EntityLease<PredictorState> lease, Dictionary<string, List<Readable<FeatureBatch>>> readable)
    {
        var work = new List<TickWork>(lease.Slots.Count);
        foreach (var slot in lease.Slots)
        {
            var state = slot.State!;
            foreach (var (batch, schema) in readable[slot.Entity])
            {
                if (state.Sequence.Check(batch.Producer, batch.Seq) == SequenceVerdict.Duplicate)
                {
                    telemetry.Duplicate();
                    continue;
                }
                foreach (var tick in batch.Ticks)
                {
                    if (state.Detector.IsNew(batch.CadenceMs, tick.T))
                        work.Add(new TickWork(slot, batch, schema, tick));
                    else
                        telemetry.Old();
                }
            }
        }
        return work;
    }

    int Decide(EntitySlot<PredictorState> slot, ScoredTicks scored, int at, long now)
    {
        while (at < scored.Work.Count && ReferenceEquals(scored.Work[at].Slot, slot))
        {
            var work = scored.Work[at];
            slot.State!.UseModel(scored.Model);
            slot.State.UseBudget(budgets.Of(slot.Entity));

            // Two messages of one delivery may hold the same tick.
            if (slot.State.Detector.IsNew(work.Batch.CadenceMs, work.Tick.T))
            {
                scored.Scores[at] = slot.State.ScoreOf(scored.Model, scored.Row(at), scored.Scores[at]);
                var verdict = verdicts.Decide(work, scored.Scores[at], scored.Joint.Of(at, work), scored.Model.Version, scored.At);
                scored.Decided.Add(new DecidedTick(at, verdict.ChampionOpened, slot.State.Detector.IsOpen));
                telemetry.Decided(now - work.Batch.Stamps.Received);
            }
            at++;
        }
        verdicts.Seal(slot.State!);
        return at;
    }

    static void Accept(EntitySlot<PredictorState> slot, List<Readable<FeatureBatch>> batches, long now)
    {
        foreach (var (batch, _) in batches)
        {
            if (slot.State!.Sequence.Check(batch.Producer, batch.Seq) == SequenceVerdict.Duplicate)
                continue;
            slot.State.Sequence.Accept(batch.Producer, batch.Seq);
            slot.Touch(now);
        }
    }
}
