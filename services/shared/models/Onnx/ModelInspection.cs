namespace Forewarn.Models;

/// <summary>
/// Looks at a model file before the native runtime does. The runtime trusts what it reads more than a file from a shared
/// folder deserves: this refuses what could make it leave its memory, read other files, or never return.
/// </summary>
static class ModelInspection
{
    /// <summary>No forest of any use comes near it; a file that claims or has more is not read.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    static readonly HashSet<string> Domains = new(StringComparer.Ordinal) { "", "ai.onnx", OnnxModel.MlDomain };

    /// <summary>Run without bound, or carry trees in a form that <see cref="TreeInspection"/> does not know.</summary>
    static readonly HashSet<string> Refused = new(StringComparer.Ordinal) { "Loop", "Scan", "If", "SequenceMap", "TreeEnsemble" };

    /// <returns>The forest that the graph holds; null without one, with several, or with trees that split in another way than ours.</returns>
    /// <exception cref="ModelRefusedException">Why the file must not be loaded.</exception>
    public static TreeReading? Check(byte[] model)
    {
        if (model.Length == 0)
            throw new ModelRefusedException("The model file is empty.");
        if (model.Length > MaxBytes)
            throw new ModelRefusedException($"The model file has {model.Length} bytes; at most {MaxBytes} are read.");
        try
        {
            var forests = new List<TreeReading?>();
            Model(new ProtoInput(model), forests);
            return forests is [var only] ? only : null;
        }
        catch (InvalidDataException unreadable)
        {
            throw new ModelRefusedException($"The file is no ONNX model, or is damaged: {unreadable.Message}.", unreadable);
        }
    }

    static void Model(ProtoInput model, List<TreeReading?> forests)
    {
        var graphs = 0;
        while (model.Next())
        {
            if (model.Field is 20 or 25)
                throw new ModelRefusedException("The model carries training data or local functions; export a plain inference graph.");
            if (model.Field != 7)
                continue;
            if (++graphs > 1)
                throw new ModelRefusedException("The model has more than one graph.");
            Graph(model.Message(), forests);
        }
        if (graphs == 0)
            throw new ModelRefusedException("The file is no ONNX model: it has no graph.");
    }

    static void Graph(ProtoInput graph, List<TreeReading?> forests)
    {
        while (graph.Next())
        {
            switch (graph.Field)
            {
                case 1:
                    Node(graph.Message(), forests);
                    break;
                case 5:
                    Tensor(graph.Message());
                    break;
                case 15:
                    throw new ModelRefusedException("The model has sparse constants; export it with dense ones.");
            }
        }
    }

    static void Node(ProtoInput node, List<TreeReading?> forests)
    {
        string operation = "", domain = "", input = "";
        var attributes = new List<ReadOnlyMemory<byte>>();
        while (node.Next())
        {
            if (node.Field == 1)
                input = input.Length == 0 ? node.Text() : input;
            else if (node.Field == 4)
                operation = node.Text();
            else if (node.Field == 5)
                attributes.Add(node.Bytes());
            else if (node.Field == 7)
                domain = node.Text();
        }
        if (!Domains.Contains(domain))
            throw new ModelRefusedException($"Operator '{operation}' belongs to domain '{domain}'; only ai.onnx and ai.onnx.ml are used.");
        if (Refused.Contains(operation))
            throw new ModelRefusedException($"Operator '{operation}' is not used here; export trees as TreeEnsembleRegressor (ai.onnx.ml 3) and graphs without control flow.");
        foreach (var attribute in attributes)
            Attribute(operation, new ProtoInput(attribute));
        if (!operation.StartsWith("TreeEnsemble", StringComparison.Ordinal))
            return;
        var lists = AttributeLists.Of(attributes);
        TreeInspection.Check(lists);
        forests.Add(TreeReading.Of(input, lists));
    }

    static void Attribute(string operation, ProtoInput attribute)
    {
        while (attribute.Next())
        {
            if (attribute.Field is 5 or 10)
                Tensor(attribute.Message());
            else if (attribute.Field is 6 or 11)
                throw new ModelRefusedException($"Operator '{operation}' carries a subgraph; export a graph without control flow.");
            else if (attribute.Field is 22 or 23)
                throw new ModelRefusedException($"Operator '{operation}' carries a sparse constant; export it with dense ones.");
        }
    }

    static void Tensor(ProtoInput tensor)
    {
        while (tensor.Next())
        {
            if (tensor.Field is 13 or 14)
                throw new ModelRefusedException("The model keeps constants in other files; export it as one file.");
        }
    }
}
