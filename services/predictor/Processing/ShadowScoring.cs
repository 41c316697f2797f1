using System.Buffers;
using Forewarn.Models;

namespace Forewarn.Predictor;

/// <summary>
/// Lets the challenger score what the champion has decided on, and counts. Nothing of it is published, and nothing that
/// goes wrong in it reaches the champion's verdicts: they are out by now.
/// </summary>
sealed class ShadowScoring(ChallengerHolder challengers, Telemetry telemetry)
{
    /// <summary>Call under the lease of the ticks' entities.</summary>
    public void Observe(ScoredTicks scored)
    {
        if (challengers.Current is not { } challenger)
        {
            if (challengers.IsGone)
            {
                foreach (var decided in scored.Decided)
                    scored.Work[decided.At].Slot.State!.ForgetShadow();
            }
            return;
        }
        if (scored.Decided.Count == 0 || !challenger.IsAgainst(scored.Model.Version))
            return;
        var scores = ArrayPool<float>.Shared.Rent(scored.Work.Count);
        try
        {
            challenger.Model.Scorer.Score(scored.Rows, scored.Work.Count, scores);
            var compared = default(ComparedTicks);
            foreach (var decided in scored.Decided)
                Compare(scored, decided, challenger.Model, scores[decided.At], ref compared);
            challenger.Add(compared);
            telemetry.Compared(compared.Ticks);
        }
        catch (ObjectDisposedException)
        {
            // Its trial ended between the look at it and here.
        }
#pragma warning disable CA1031 // A challenger may fail in any way; it loses its trial and the champion goes on.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            challengers.Discard(challenger, fault.Message);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(scores);
        }
    }

    static void Compare(ScoredTicks scored, DecidedTick decided, LoadedModel model, float score, ref ComparedTicks compared)
    {
        var (work, state) = (scored.Work[decided.At], scored.Work[decided.At].Slot.State!);
        if (state.Shadow is not { } shadow || shadow.Model != model.Version)
            state.Shadow = shadow = new ShadowDetector(state.Detector.Options, model.Version, model.Manifest.Prior);
        score = state.ShadowScoreOf(model, scored.Row(decided.At), score);
        var verdict = shadow.Decide(work.Tick.T, work.Batch.CadenceMs, work.Batch.Maturity, score, scored.Row(decided.At));
        if (!verdict.Counts)
            return;
        if (state.Detector.IsOwn(work.Batch.CadenceMs, work.Tick.T))
        {
            compared.Ticks++;
            compared.Budgets += state.Detector.Options.FalseAlarmsPerWeek;
        }
        compared.ChampionOpenings += decided.Opened ? 1 : 0;
        compared.ChallengerOpenings += verdict.Opened ? 1 : 0;
        var champion = scored.Scores[decided.At];
        // A sum that is no number once stays none, and cannot be sent.
        if (float.IsFinite(champion) && float.IsFinite(score))
            compared.Scores = compared.Scores.With(champion, score);
    }
}
