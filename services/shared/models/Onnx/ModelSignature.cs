using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Forewarn.Models;

/// <summary>What goes in and out of a loaded model, after checking that it is the shape a score needs.</summary>
/// <param name="InputNames">The one input's name.</param>
/// <param name="OutputNames">The score's name.</param>
/// <param name="Inputs">Numbers in a row.</param>
/// <param name="ColumnOutput">The score is [N, 1] rather than [N].</param>
sealed record ModelSignature(string[] InputNames, string[] OutputNames, int Inputs, bool ColumnOutput)
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
        return new ModelSignature([inputName], [outputName], input.Dimensions[1], column);
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
