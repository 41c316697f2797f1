using Forewarn.Analytics;

namespace Forewarn.Models;

/// <summary>
/// An autoencoder as an ONNX graph of plain operators: <c>Sub, Mul, Softsign, Mul</c> scale the row, one <c>Gemm</c> per
/// layer with <c>Softsign</c> between them restores it, and <c>Sub, Mul, ReduceMean, Sqrt, Add, Div</c> make the score of
/// what came back wrong. Input <c>X</c> is float32 [N, F], output <c>score</c> is float32 [N, 1].
/// </summary>
/// <remarks>
/// The operators are those of <see cref="Autoencoder.Error"/>, on the same float32 constants; only the order in which a
/// <c>Gemm</c> sums is ONNX Runtime's own, which keeps scores within about 1e-6.
/// </remarks>
public static class AutoencoderGraph
{
    /// <summary>The model file. The same autoencoder and metadata give the same bytes.</summary>
    public static byte[] Write(Autoencoder autoencoder, IReadOnlyList<KeyValuePair<string, string>> metadata)
    {
        ArgumentNullException.ThrowIfNull(autoencoder);
        ArgumentNullException.ThrowIfNull(metadata);
        return new OnnxModel
        {
            Name = "autoencoder",
            Inputs = [new OnnxValue(GraphNames.Input, [null, autoencoder.Features])],
            Outputs = [new OnnxValue(GraphNames.Output, [null, 1])],
            Initializers = [.. Constants(autoencoder)],
            Nodes = [.. Nodes(autoencoder)],
            Metadata = metadata,
        }.ToBytes();
    }

    static IEnumerable<OnnxTensor> Constants(Autoencoder autoencoder)
    {
        yield return new OnnxTensor("mean", [autoencoder.Features], autoencoder.Scaling.Mean);
        yield return new OnnxTensor("inverse", [autoencoder.Features], autoencoder.Scaling.Inverse);
        yield return new OnnxTensor("limit", [], [RowScaling.Limit]);
        yield return new OnnxTensor("usual", [], [autoencoder.UsualError]);
        for (var i = 0; i < autoencoder.Layers.Count; i++)
        {
            var layer = autoencoder.Layers[i];
            yield return new OnnxTensor($"weights{i}", [layer.Inputs, layer.Outputs], layer.Weights);
            yield return new OnnxTensor($"biases{i}", [layer.Outputs], layer.Biases);
        }
    }

    static IEnumerable<OnnxNode> Nodes(Autoencoder autoencoder)
    {
        yield return new OnnxNode("Sub", [GraphNames.Input, "mean"], ["centred"]);
        yield return new OnnxNode("Mul", ["centred", "inverse"], ["even"]);
        yield return new OnnxNode("Softsign", ["even"], ["bounded"]);
        yield return new OnnxNode("Mul", ["bounded", "limit"], ["scaled"]);
        var from = "scaled";
        for (var i = 0; i < autoencoder.Layers.Count; i++)
        {
            yield return new OnnxNode("Gemm", [from, $"weights{i}", $"biases{i}"], [$"sum{i}"]);
            from = $"sum{i}";
            if (i == autoencoder.Layers.Count - 1)
                break;
            yield return new OnnxNode("Softsign", [from], [$"units{i}"]);
            from = $"units{i}";
        }
        yield return new OnnxNode("Sub", ["scaled", from], ["wrong"]);
        yield return new OnnxNode("Mul", ["wrong", "wrong"], ["squares"]);
        yield return new OnnxNode("ReduceMean", ["squares"], ["mean_square"])
        {
            Attributes = [OnnxAttribute.Of("axes", new long[] { 1 }), OnnxAttribute.Of("keepdims", 1)],
        };
        yield return new OnnxNode("Sqrt", ["mean_square"], ["error"]);
        yield return new OnnxNode("Add", ["error", "usual"], ["whole"]);
        yield return new OnnxNode("Div", ["error", "whole"], [GraphNames.Output]);
    }
}
