using Forewarn.Analytics;

namespace Forewarn.Models;

/// <summary>Collects the operators of a graph and the constants they read, in the order of the calls.</summary>
sealed class GraphBuilder
{
    readonly List<OnnxNode> _nodes = [];
    readonly List<OnnxTensor> _constants = [];

    public IReadOnlyList<OnnxNode> Nodes => _nodes;

    public IReadOnlyList<OnnxTensor> Constants => _constants;

    /// <summary>An operator with one output and no attribute.</summary>
    /// <returns>The output's name; so do all others.</returns>
    public string Node(string operation, string output, params string[] inputs) => Node(operation, [output], inputs);

    public string Node(string operation, string[] outputs, string[] inputs, params OnnxAttribute[] attributes)
    {
        _nodes.Add(new OnnxNode(operation, inputs, outputs) { Attributes = attributes });
        return outputs[0];
    }

    public string Trees(string output, string input, TreeEnsemble ensemble)
    {
        _nodes.Add(new OnnxNode("TreeEnsembleRegressor", [input], [output]) { Domain = OnnxModel.MlDomain, Attributes = ensemble.Attributes() });
        return output;
    }

    /// <param name="output">[N, ...dimensions].</param>
    /// <param name="input">As many numbers in another shape.</param>
    /// <param name="dimensions">Those behind the rows.</param>
    public string Reshape(string output, string input, params int[] dimensions)
    {
        var shape = $"rows_of_{string.Join('_', dimensions)}";
        return Node("Reshape", output, input, Integers(shape, [-1, .. dimensions.Select(size => (long)size)]));
    }

    /// <summary>One of the reductions that keep their axis as an attribute up to operator set 17.</summary>
    public string Reduce(string operation, string output, string input, int axis, bool keep = false) => Node(
        operation, [output], [input], OnnxAttribute.Of("axes", new long[] { axis }), OnnxAttribute.Of("keepdims", keep ? 1 : 0));

    /// <summary>A sum over an axis, which stays.</summary>
    public string Sum(string output, string input, int axis) => Node("ReduceSum", [output], [input, Integers($"axis_{axis}", [axis])]);

    /// <summary>Of each row of a matrix the entries at these indices of the same row.</summary>
    public string Take(string output, string matrix, string indices) => Node("GatherElements", [output], [matrix, indices], OnnxAttribute.Of("axis", 1));

    /// <summary>The smallest of each row, ascending; <c>OUTPUT_indices</c> says where they are.</summary>
    public string Nearest(string output, string of) => Node(
        "TopK", [output, $"{output}_indices"], [of, Integers("rank", Neighbours.Rank)], OnnxAttribute.Of("axis", 1), OnnxAttribute.Of("largest", 0), OnnxAttribute.Of("sorted", 1));

    /// <summary>Columns one behind another.</summary>
    public string Concat(string output, params string[] inputs) => Node("Concat", [output], inputs, OnnxAttribute.Of("axis", 1));

    public string Scalar(string name, float value) => Constant(new OnnxTensor(name, [], [value]));

    public string Integers(string name, params long[] values) => Constant(new OnnxTensor(name, [values.Length], values));

    public string Vector(string name, ReadOnlySpan<float> values) => Constant(new OnnxTensor(name, [values.Length], values.ToArray()));

    /// <summary>[values / columns, columns], row-major.</summary>
    public string Matrix(string name, int columns, float[] values) => Constant(new OnnxTensor(name, [values.Length / columns, columns], values));

    /// <param name="name">Of the constant.</param>
    /// <param name="matrix">What it holds.</param>
    /// <param name="factor">Of each number.</param>
    public string Matrix(string name, PackedMatrix matrix, float factor = 1)
    {
        var values = new float[matrix.Inner * matrix.Columns];
        for (var i = 0; i < values.Length; i++)
            values[i] = factor * matrix[i / matrix.Columns, i % matrix.Columns];
        return Matrix(name, matrix.Columns, values);
    }

    // Small ones are asked for by each part that reads them.
    string Constant(OnnxTensor constant)
    {
        if (!_constants.Exists(known => known.Name == constant.Name))
            _constants.Add(constant);
        return constant.Name;
    }
}
