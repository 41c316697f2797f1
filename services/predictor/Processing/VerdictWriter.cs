using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Hosting;
using Forewarn.Models;

namespace Forewarn.Predictor;

/// <summary>Writes decisions as messages into the entity's outboxes.</summary>
sealed class VerdictWriter(SidecarEnvironment environment, PredictorOptions options, TimeProvider time, Telemetry telemetry, ILogger<VerdictWriter> logger)
{
    const int MaxOpen = 1000;

    /// <summary>Decides about one tick; call <see cref="Seal"/> after the last of an entity.</summary>
    public Verdict Decide(in TickWork work, float score, in JointEvidence joint, string model, long scoredAt)
    {
        var state = work.Slot.State!;
        var verdict = state.Detector.Decide(work.Tick, work.Schema, work.Batch.CadenceMs, work.Batch.Maturity, score, joint);
        var batch = BatchFor(work, verdict.Model ?? model, scoredAt);
        batch.Ticks.Add(new PredictionTick
        {
            T = work.Tick.T,
            Score = verdict.Score,
            P = verdict.P,
            Extrapolated = verdict.Extrapolated,
            Anomalous = verdict.Anomalous,
            Values = Pick(work.Tick.Features, work.Schema.Columns.Count, FeatureSpec.Value),
            Z = Pick(work.Tick.Features, work.Schema.Columns.Count, FeatureSpec.Z),
        });
        batch.Decided |= verdict.Changed || verdict.Findings.Count > 0;
        batch.Last = work;
        foreach (var finding in verdict.Findings)
            Detect(work, verdict, finding, scoredAt);
        if (verdict is { Changed: true, Anomalous: true, Findings: [var first, ..] })
            Log.Opened(logger, work.Slot.Entity, first.Summary);
        return verdict;
    }

    /// <summary>Numbers the prediction batches of an entity and puts them into its outbox.</summary>
    public void Seal(PredictorState state)
    {
        foreach (var batch in state.Open)
        {
            var source = batch.Last.Batch;
            var message = new PredictionBatch
            {
                Entity = source.Entity,
                Producer = environment.Producer,
                Seq = state.NextSeq(),
                Schema = source.Schema,
                Model = batch.Model,
                CadenceMs = source.CadenceMs,
                Maturity = source.Maturity,
                Ticks = batch.Ticks,
                Outlook = OutlookOf(state, batch),
                Stamps = source.Stamps with { Scored = batch.ScoredAt },
            };
            state.Predictions.Add(source.Entity, ContentHash.Of($"{source.Entity}\npredictions\n{source.CadenceMs}\n{batch.Ticks[0].T}"), message);
        }
        state.Open.Clear();
    }

    static OpenBatch BatchFor(in TickWork work, string model, long scoredAt)
    {
        // Only the newest of its cadence goes on: whoever reads the stream takes ticks in order.
        var open = work.Slot.State!.Open;
        for (var i = open.Count - 1; i >= 0; i--)
        {
            var (batch, last) = (open[i], open[i].Last);
            if (last.Batch.CadenceMs != work.Batch.CadenceMs)
                continue;
            if (batch.Model == model && ReferenceEquals(last.Schema, work.Schema) && batch.Ticks.Count < MaxOpen)
                return batch;
            break;
        }
        var opened = new OpenBatch(model, scoredAt) { Last = work };
        open.Add(opened);
        return opened;
    }

    void Detect(in TickWork work, Verdict verdict, Finding finding, long scoredAt)
    {
        var entity = work.Slot.Entity;
        var detection = new Detection
        {
            Id = Detection.IdOf(entity, finding.Kind, CauseOf(finding), work.Batch.CadenceMs, work.Tick.T),
            Entity = entity,
            Kind = finding.Kind,
            Cause = EntityDetector.Cause,
            T = work.Tick.T,
            Since = finding.Since,
            CadenceMs = work.Batch.CadenceMs,
            StepMs = verdict.StepMs,
            Score = verdict.Score,
            P = verdict.P,
            Extrapolated = verdict.Extrapolated,
            Summary = finding.Summary,
            Ongoing = finding.Ongoing,
            Contributors = finding.Contributors,
            Forecast = finding.Forecast,
            Model = verdict.Model,
            Features = RowOf(work),
            Stamps = work.Batch.Stamps with { Scored = scoredAt, Detected = time.GetUtcNow().ToUnixTimeMilliseconds() },
        };
        work.Slot.State!.Detections.Add(entity, detection.Id, detection);
        telemetry.Detection(finding.Kind);
    }

    // What becomes of several limits may be told on one tick.
    static string CauseOf(Finding finding) => finding is { Kind: DetectionKind.PredictedBreach, Forecast: { } forecast }
        ? $"{EntityDetector.Cause}\n{forecast.Series}"
        : EntityDetector.Cause;

    Outlook? OutlookOf(PredictorState state, OpenBatch batch)
    {
        var (last, cadence) = (batch.Last.Tick, batch.Last.Batch.CadenceMs == CadenceRules.Minutes.CadenceMs ? 1 : 0);
        if (!batch.Decided && last.T - state.OutlookAt[cadence] < options.OutlookSeconds * 1000L)
            return null;
        state.OutlookAt[cadence] = last.T;
        var columns = batch.Last.Schema.Columns.Count;
        var lower = new float[columns];
        var upper = new float[columns];
        for (var i = 0; i < columns; i++)
        {
            var (low, high) = NormalRange.Of(batch.Last.Schema.Columns[i], last.Features.AsSpan(i * FeatureSpec.Count, FeatureSpec.Count));
            lower[i] = (float)low;
            upper[i] = (float)high;
        }
        return new Outlook { Lower = lower, Upper = upper, Forecasts = [.. state.Detector.Forecasts] };
    }

    static float[] RowOf(in TickWork work)
    {
        var row = new float[RowSpec.Count];
        EntityDetector.Prepare(work.Tick, work.Schema.Columns.Count, row);
        return row;
    }

    static float[] Pick(float[] features, int columns, int feature)
    {
        var picked = new float[columns];
        for (var i = 0; i < columns; i++)
            picked[i] = features[(i * FeatureSpec.Count) + feature];
        return picked;
    }
}
