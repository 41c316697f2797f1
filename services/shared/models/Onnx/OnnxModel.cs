using Google.Protobuf;

namespace Forewarn.Models;

/// <summary>
/// An ONNX model as far as this product writes one; field numbers and meaning follow onnx.proto of the ONNX
/// specification. Writing the same model twice gives the same bytes.
/// </summary>
public sealed record OnnxModel
{
    /// <summary>IR version 8 belongs to opset 17; readers of the last years take both.</summary>
    const int IrVersion = 8;

    /// <summary>Version of the default operator set.</summary>
    public const int Opset = 17;

    /// <summary>Version of <c>ai.onnx.ml</c>: the newest that has TreeEnsembleRegressor undeprecated.</summary>
    public const int MlOpset = 3;

    public const string MlDomain = "ai.onnx.ml";

    /// <summary>Shown by viewers as the graph's name.</summary>
    public required string Name { get; init; }

    public required IReadOnlyList<OnnxNode> Nodes { get; init; }
    public required IReadOnlyList<OnnxValue> Inputs { get; init; }
    public required IReadOnlyList<OnnxValue> Outputs { get; init; }

    /// <summary>Constants that nodes read by name.</summary>
    public IReadOnlyList<OnnxTensor> Initializers { get; init; } = [];

    /// <summary>Free text pairs, in the order given.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; init; } = [];

    public byte[] ToBytes() => ProtoOutput.Build(model =>
    {
        model.Int(1, IrVersion);
        model.Text(2, "forewarn");
        model.Message(7, Graph);
        model.Message(8, set => Set(set, "", Opset));
        if (Nodes.Any(node => node.Domain == MlDomain))
            model.Message(8, set => Set(set, MlDomain, MlOpset));
        foreach (var (key, value) in Metadata)
        {
            model.Message(14, entry =>
            {
                entry.Text(1, key);
                entry.Text(2, value);
            });
        }
    });

    void Graph(CodedOutputStream graph)
    {
        foreach (var node in Nodes)
            graph.Message(1, node.WriteTo);
        graph.Text(2, Name);
        foreach (var tensor in Initializers)
            graph.Message(5, tensor.WriteTo);
        foreach (var input in Inputs)
            graph.Message(11, input.WriteTo);
        foreach (var output in Outputs)
            graph.Message(12, output.WriteTo);
    }

    static void Set(CodedOutputStream set, string domain, int version)
    {
        set.Text(1, domain);
        set.Int(2, version);
    }
}

/// <summary>One operator of the graph; <see cref="Domain"/> is empty for the default operator set.</summary>
public sealed record OnnxNode(string OpType, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs)
{
    public string Domain { get; init; } = "";
    public IReadOnlyList<OnnxAttribute> Attributes { get; init; } = [];

    internal void WriteTo(CodedOutputStream node)
    {
        foreach (var input in Inputs)
            node.Text(1, input);
        foreach (var output in Outputs)
            node.Text(2, output);
        node.Text(3, $"{OpType}_{Outputs[0]}");
        node.Text(4, OpType);
        foreach (var attribute in Attributes)
            node.Message(5, attribute.WriteTo);
        node.Text(7, Domain);
    }
}

/// <summary>A constant, row-major; no dimensions = a scalar.</summary>
public sealed record OnnxTensor
{
    readonly IReadOnlyList<long> _dimensions;
    readonly int _type;
    readonly byte[] _content;

    public OnnxTensor(string name, IReadOnlyList<long> dimensions, float[] values)
        : this(name, dimensions, OnnxValue.Float32, ProtoOutput.LittleEndian<float>(values))
    {
    }

    /// <summary>Shapes and indices.</summary>
    public OnnxTensor(string name, IReadOnlyList<long> dimensions, long[] values)
        : this(name, dimensions, OnnxValue.Int64, ProtoOutput.LittleEndian<long>(values))
    {
    }

    OnnxTensor(string name, IReadOnlyList<long> dimensions, int type, byte[] content) =>
        (Name, _dimensions, _type, _content) = (name, dimensions, type, content);

    public string Name { get; }

    internal void WriteTo(CodedOutputStream tensor)
    {
        if (_dimensions.Count > 0)
            tensor.Packed(1, _dimensions);
        tensor.Int(2, _type);
        tensor.Text(8, Name);
        tensor.Bytes(9, _content);
    }
}

/// <summary>A float32 input or output. A null dimension is the number of rows, known only when the graph runs.</summary>
public sealed record OnnxValue(string Name, IReadOnlyList<long?> Dimensions)
{
    internal const int Float32 = 1;
    internal const int Int32 = 6;
    internal const int Int64 = 7;

    internal void WriteTo(CodedOutputStream value)
    {
        value.Text(1, Name);
        value.Message(2, type => type.Message(1, tensor =>
        {
            tensor.Int(1, Float32);
            tensor.Message(2, shape =>
            {
                foreach (var dimension in Dimensions)
                    shape.Message(1, item => WriteDimension(item, dimension));
            });
        }));
    }

    static void WriteDimension(CodedOutputStream item, long? dimension)
    {
        if (dimension is { } size)
            item.Int(1, size);
        else
            item.Text(2, "N");
    }
}
