using Microsoft.ML.OnnxRuntime;

namespace Forewarn.Models;

/// <summary>
/// Input and output memory of one scoring thread. Single rows are bound once; batches are bound again only when their
/// size changes. Not thread-safe.
/// </summary>
sealed class ScoringBuffer(ModelSignature signature) : IDisposable
{
    Bound? _single;
    Bound? _batch;

    public void Run(InferenceSession session, RunOptions run, ReadOnlySpan<float> rows, int count, Span<float> scores, ScoreDetails details)
    {
        var bound = count == 1 ? _single ??= new Bound(signature, 1) : Batch(count);
        rows.CopyTo(bound.Rows);
        session.Run(run, signature.InputNames, bound.Inputs, signature.OutputNames, bound.Outputs);
        bound.Scores.AsSpan(0, count).CopyTo(scores);
        Copy(bound.Energy, details.Energy);
        Copy(bound.Expected, details.Expected);
    }

    public void Dispose()
    {
        _single?.Dispose();
        _batch?.Dispose();
    }

    static void Copy(float[]? from, Span<float> to)
    {
        if (!to.IsEmpty)
            from?.CopyTo(to);
    }

    Bound Batch(int count)
    {
        if (_batch?.Scores.Length == count)
            return _batch;
        _batch?.Dispose();
        return _batch = new Bound(signature, count);
    }

    sealed class Bound : IDisposable
    {
        public Bound(ModelSignature signature, int count)
        {
            Rows = new float[count * signature.Inputs];
            Scores = new float[count];
            Inputs = [OrtValue.CreateTensorValueFromMemory(Rows, [count, signature.Inputs])];
            Outputs = new OrtValue[signature.OutputNames.Length];
            Outputs[0] = OrtValue.CreateTensorValueFromMemory(Scores, signature.ColumnOutput ? [count, 1] : [count]);
            for (var i = 1; i < Outputs.Length; i++)
            {
                var values = new float[count * signature.Metrics];
                Outputs[i] = OrtValue.CreateTensorValueFromMemory(values, [count, signature.Metrics]);
                if (signature.OutputNames[i] == GraphNames.Energy)
                    Energy = values;
                else
                    Expected = values;
            }
        }

        public float[] Rows { get; }

        public float[] Scores { get; }

        /// <summary>Null when the model does not tell it.</summary>
        public float[]? Energy { get; }

        /// <inheritdoc cref="Energy"/>
        public float[]? Expected { get; }

        public OrtValue[] Inputs { get; }

        public OrtValue[] Outputs { get; }

        public void Dispose()
        {
            Inputs[0].Dispose();
            foreach (var output in Outputs)
                output.Dispose();
        }
    }
}
