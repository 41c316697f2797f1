using Forewarn.Analytics;
using Microsoft.ML.OnnxRuntime;

namespace Forewarn.Models;

/// <summary>Explains a row by the forest of a loaded model. Immutable and thread-safe.</summary>
/// <param name="diffi">Of its trees.</param>
/// <param name="inputNames">The graph's one input.</param>
/// <param name="fetched">The output that the trees read; null when they read the graph's input.</param>
sealed class ForestExplainer(LocalDiffi diffi, string[] inputNames, string? fetched)
{
    /// <summary>Null of a model without a forest of ours, or with one that reads what the graph does not give out.</summary>
    public static ForestExplainer? Of(InferenceSession session, ModelSignature signature, TreeReading? forest)
    {
        if (forest is null)
            return null;
        var diffi = new LocalDiffi(forest.Trees);
        if (forest.Input == signature.InputNames[0])
            return diffi.Inputs <= signature.Inputs ? new ForestExplainer(diffi, signature.InputNames, fetched: null) : null;
        return session.OutputMetadata.TryGetValue(forest.Input, out var output) && output.ElementType == typeof(float)
            && output.Dimensions is [< 0, var width] && width >= diffi.Inputs
            ? new ForestExplainer(diffi, signature.InputNames, forest.Input)
            : null;
    }

    /// <inheritdoc cref="OnnxScorer.TryExplain"/>
    public void Explain(InferenceSession session, RunOptions run, ReadOnlySpan<float> row, Span<double> importance)
    {
        var all = new double[diffi.Inputs];
        if (fetched is null)
        {
            diffi.Explain(row, all);
        }
        else
        {
            using var input = OrtValue.CreateTensorValueFromMemory(row.ToArray(), [1, row.Length]);
            using var outputs = session.Run(run, inputNames, [input], [fetched]);
            diffi.Explain(outputs[0].GetTensorDataAsSpan<float>(), all);
        }
        importance.Clear();
        all.AsSpan(0, Math.Min(all.Length, importance.Length)).CopyTo(importance);
    }
}
