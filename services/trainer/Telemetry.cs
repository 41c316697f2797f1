using System.Diagnostics.Metrics;
using Forewarn.Contracts;

namespace Forewarn.Trainer;

sealed class Telemetry
{
    readonly Counter<long> _jobs;
    readonly Counter<long> _moves;
    readonly Histogram<double> _duration;
    readonly Histogram<long> _rows;
    volatile DriftFinding? _drift;

    public Telemetry(IMeterFactory meters)
    {
        var meter = meters.Create("Forewarn.Trainer");
        _jobs = meter.CreateCounter<long>("forewarn.trainer.jobs", "{job}", "Trainings that ended, by kind and status");
        _moves = meter.CreateCounter<long>("forewarn.trainer.models", "{model}", "Models that came into a state, by state");
        meter.CreateObservableGauge(
            "forewarn.trainer.drift", Measure, "1", "Population stability index of scores and rows that the champion meets, against what it learned");
        _duration = meter.CreateHistogram("forewarn.trainer.job.duration", "s", "Time from start to end of a training",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 1, 2, 5, 10, 30, 60, 300, 1800] });
        _rows = meter.CreateHistogram("forewarn.trainer.rows", "{row}", "Rows of a training, by source",
            advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = [1000, 3000, 10_000, 30_000, 100_000, 1_000_000] });
    }

    /// <summary>What the newest look at the champion has found.</summary>
    public void Drift(DriftFinding finding) => _drift = finding;

    IEnumerable<Measurement<double>> Measure()
    {
        if (_drift is not { Score: { } score } finding)
            yield break;
        yield return new(score, new KeyValuePair<string, object?>("of", "score"));
        foreach (var (name, psi) in finding.Features)
            yield return new(psi, new KeyValuePair<string, object?>("of", name));
    }

    public void JobEnded(JobEvent job, TimeSpan duration)
    {
        _jobs.Add(1, new("kind", job.Kind), new("status", job.Status.ToString()));
        _duration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("kind", job.Kind));
    }

    public void Moved(ModelInfo model) => _moves.Add(1, new KeyValuePair<string, object?>("state", model.State.ToString()));

    public void Trained(int rows, string source) => _rows.Record(rows, new KeyValuePair<string, object?>("source", source));
}
