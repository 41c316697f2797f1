using System.Collections.Concurrent;
using Forewarn.Analytics;
using Microsoft.ML.OnnxRuntime;

namespace Forewarn.Models;

/// <summary>
/// Scores rows with an ONNX model through ONNX Runtime. Any number of threads may score at once; each borrows buffers
/// that are bound to the session once and used again. Disposing while others still score is safe: the session ends with
/// the last of them.
/// </summary>
/// <remarks>
/// One thread per run and no thread pool: for forests of this size more threads lose more than they win, and services
/// share the machine.
/// </remarks>
public sealed class OnnxScorer : IDisposable
{
    /// <summary>Rows in one run; larger batches are cut.</summary>
    public const int MaxBatch = 1024;

    readonly InferenceSession _session;
    readonly RunOptions _run = new();
    readonly ModelSignature _signature;
    readonly ConcurrentBag<ScoringBuffer> _idle = [];
    int _users = 1;
    int _disposed;

    readonly ForestExplainer? _explainer;

    OnnxScorer(InferenceSession session, ModelSignature signature, ForestExplainer? explainer)
    {
        _session = session;
        _signature = signature;
        _explainer = explainer;
        Metadata = session.ModelMetadata.CustomMetadataMap;
    }

    /// <summary>Numbers in a row.</summary>
    public int Inputs => _signature.Inputs;

    /// <summary>Metrics that the model tells of beside the score, see <see cref="ScoreDetails"/>; 0 when it does not.</summary>
    public int Metrics => _signature.Metrics;

    /// <summary>The model's <c>metadata_props</c>; empty for a foreign model without any.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>
    /// Loads a model with one float32 input [N, F] and one float32 output [N] or [N, 1] (called <c>score</c> when there
    /// are several; <c>energy</c> and <c>expected</c> beside it are [N, M]), and tries it.
    /// </summary>
    /// <exception cref="ModelRefusedException">The bytes are not such a model; the reason says what is wrong.</exception>
    public static OnnxScorer Load(byte[] model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var forest = ModelInspection.Check(model);
        InferenceSession? session = null;
        OnnxScorer? scorer = null;
        var accepted = false;
        try
        {
            session = Open(model);
            var signature = ModelSignature.Of(session);
            scorer = new OnnxScorer(session, signature, ForestExplainer.Of(session, signature, forest));
            scorer.Try();
            accepted = true;
            return scorer;
        }
        catch (OnnxRuntimeException fault)
        {
            throw new ModelRefusedException($"ONNX Runtime does not take the model: {fault.Message}", fault);
        }
        finally
        {
            if (!accepted)
                (scorer ?? (IDisposable?)session)?.Dispose();
        }
    }

    /// <summary>Scores <paramref name="count"/> rows.</summary>
    /// <param name="rows">Row-major, <paramref name="count"/> x <see cref="Inputs"/>. Masked values are imputed before: a
    /// forest sends NaN to the right-hand branch.</param>
    /// <param name="count">Rows.</param>
    /// <param name="scores">Receives one score per row.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    /// <exception cref="ObjectDisposedException">The scorer was disposed before the call.</exception>
    public void Score(ReadOnlySpan<float> rows, int count, Span<float> scores) => Score(rows, count, scores, default);

    /// <inheritdoc cref="Score(ReadOnlySpan{float}, int, Span{float})"/>
    /// <param name="details">Receives what the model tells of each metric, where there is room and the model has it.</param>
    public void Score(ReadOnlySpan<float> rows, int count, Span<float> scores, ScoreDetails details)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (rows.Length != (long)count * Inputs)
            throw new ArgumentException($"{count} rows of {Inputs} are {(long)count * Inputs} numbers, got {rows.Length}.", nameof(rows));
        if (scores.Length < count)
            throw new ArgumentException($"{count} scores need {count} places, got {scores.Length}.", nameof(scores));
        if (!details.Hold((long)count * Metrics))
            throw new ArgumentException($"{count} rows of {Metrics} metrics need {(long)count * Metrics} places, got {details.Energy.Length} and {details.Expected.Length}.", nameof(details));
        ObjectDisposedException.ThrowIf(!TryEnter(), this);
        try
        {
            if (!_idle.TryTake(out var buffer))
                buffer = new ScoringBuffer(_signature);
            for (var at = 0; at < count; at += MaxBatch)
            {
                var size = Math.Min(MaxBatch, count - at);
                buffer.Run(_session, _run, rows.Slice(at * Inputs, size * Inputs), size, scores.Slice(at, size), details.From(at, size, Metrics));
            }
            // Only after success: a buffer that failed half-way is left to the finalizer.
            _idle.Add(buffer);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>
    /// What makes the model's forest find a row strange, by <see cref="LocalDiffi"/>: a run of the graph of its own where the forest
    /// does not read the row itself. For alarms, not for ticks.
    /// </summary>
    /// <param name="row"><see cref="Inputs"/> numbers.</param>
    /// <param name="importance">Receives the importances of the forest's first inputs, as many as there is room for.</param>
    /// <returns>False of a model without a forest of ours, or one that was disposed.</returns>
    public bool TryExplain(ReadOnlySpan<float> row, Span<double> importance)
    {
        if (row.Length != Inputs)
            throw new ArgumentException($"A row has {Inputs} numbers, got {row.Length}.", nameof(row));
        if (_explainer is null || !TryEnter())
            return false;
        try
        {
            _explainer.Explain(_session, _run, row, importance);
            return true;
        }
        finally
        {
            Leave();
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            Leave();
    }

    static InferenceSession Open(byte[] model)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        return new InferenceSession(model, options);
    }

    // Shapes in a model file are claims; two real runs are proof, and a model that fails does so here and not on a tick.
    void Try()
    {
        foreach (var count in (ReadOnlySpan<int>)[1, 3])
        {
            float[] scores = new float[count], energy = new float[count * Metrics], expected = new float[count * Metrics];
            Score(new float[count * Inputs], count, scores, new ScoreDetails(energy, expected));
            if (!scores.Concat(energy).Concat(expected).All(float.IsFinite))
                throw new ModelRefusedException("The model answers an all-zero row with a number that is not finite; export it again.");
        }
    }

    bool TryEnter()
    {
        var users = Volatile.Read(ref _users);
        while (users != 0 && Volatile.Read(ref _disposed) == 0)
        {
            var seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
                return true;
            users = seen;
        }
        return false;
    }

    void Leave()
    {
        if (Interlocked.Decrement(ref _users) != 0)
            return;
        while (_idle.TryTake(out var buffer))
            buffer.Dispose();
        _run.Dispose();
        _session.Dispose();
    }
}
