using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Forewarn.Models;

/// <summary>What goes in and out of a loaded model, after checking that it is the shape a score needs.</summary>
/// <param name="InputNames">The one input's name.</param>
/// <param name="OutputNames">The score's name, and <c>energy</c> and <c>expected</c> behind it when the model has them.</param>
/// <param name="Inputs">Numbers in a row.</param>
/// <param name="ColumnOutput">The score is [N, 1] rather than [N].</param>
/// <param name="Metrics">Columns of <c>energy</c> and <c>expected</c>; 0 without them.</param>
sealed record ModelSignature(string[] InputNames, string[] OutputNames, int Inputs, bool ColumnOutput, int Metrics)
{
    /// <summary>More is no feature row but a mistake, or an attempt to exhaust memory.</summary>
    const int MaxInputs = 16384;

    /// <exception cref="ModelRefusedException">Names, types or shapes do not fit.</exception>
    public static ModelSignature Of(InferenceSession session)
    {
        if (session.InputMetadata.Count != 1)
            throw new ModelRefusedException($"The model has {session.InputMetadata.Count} inputs ({Names(session.InputMetadata.Keys)}); it must have one, float32 [N, F].");
        var (inputName, input) = session.InputMetadata.First();
        RequireFloat("Input", inputName, input);
        if (input.Dimensions is not [< 0, > 0 and <= MaxInputs])
            throw new ModelRefusedException($"Input '{inputName}' has shape {Shape(input)}; it must be [N, F] with N open and F fixed, at most {MaxInputs}.");

        var outputName = OutputOf(session);
        var output = session.OutputMetadata[outputName];
        RequireFloat("Output", outputName, output);
        var column = output.Dimensions is [< 0, 1];
        if (!column && output.Dimensions is not [< 0])
            throw new ModelRefusedException($"Output '{outputName}' has shape {Shape(output)}; it must be [N] or [N, 1] with N open: one score per row.");
        var details = DetailsOf(session, input.Dimensions[1], out var metrics);
        return new ModelSignature([inputName], [outputName, .. details], input.Dimensions[1], column, metrics);
    }

    static List<string> DetailsOf(InferenceSession session, int inputs, out int metrics)
    {
        metrics = 0;
        var names = new List<string>();
        if (session.OutputMetadata.Count == 1)
            return names;
        foreach (var name in (ReadOnlySpan<string>)[GraphNames.Energy, GraphNames.Expected])
        {
            if (!session.OutputMetadata.TryGetValue(name, out var output))
                continue;
            RequireFloat("Output", name, output);
            if (output.Dimensions is not [< 0, > 0] || output.Dimensions[1] > inputs || (metrics > 0 && output.Dimensions[1] != metrics))
                throw new ModelRefusedException($"Output '{name}' has shape {Shape(output)}; it must be [N, M] with N open and M fixed, the same for '{GraphNames.Energy}' and '{GraphNames.Expected}', at most {inputs}.");
            metrics = output.Dimensions[1];
            names.Add(name);
        }
        return names;
    }

    static string OutputOf(InferenceSession session)
    {
        var names = session.OutputMetadata.Keys;
        if (session.OutputMetadata.Count == 1)
            return names.First();
        return session.OutputMetadata.ContainsKey(GraphNames.Output)
            ? GraphNames.Output
            : throw new ModelRefusedException($"The model has {session.OutputMetadata.Count} outputs ({Names(names)}); the one to use must be called '{GraphNames.Output}'.");
    }

    static void RequireFloat(string what, string name, NodeMetadata value)
    {
        if (!value.IsTensor || value.ElementDataType != TensorElementType.Float)
            throw new ModelRefusedException($"{what} '{name}' is {(value.IsTensor ? value.ElementDataType.ToString() : value.OnnxValueType.ToString())}; it must be a float32 tensor.");
    }

    static string Shape(NodeMetadata value) => $"[{string.Join(", ", value.Dimensions.Select(size => size < 0 ? "?" : $"{size}"))}]";

    static string Names(IEnumerable<string> names) => string.Join(", ", names);
}
