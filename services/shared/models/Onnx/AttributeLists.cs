namespace Forewarn.Models;

/// <summary>What an operator's attribute holds: lists of numbers or texts, or one of them.</summary>
sealed class AttributeLists
{
    public List<long> Ints { get; } = [];

    public List<float> Floats { get; } = [];

    public List<string> Texts { get; } = [];

    /// <summary>Attributes by name; of two of one name the first.</summary>
    /// <param name="attributes">Protobuf messages.</param>
    /// <exception cref="InvalidDataException">One is damaged.</exception>
    public static Dictionary<string, AttributeLists> Of(IReadOnlyList<ReadOnlyMemory<byte>> attributes)
    {
        var lists = new Dictionary<string, AttributeLists>(attributes.Count, StringComparer.Ordinal);
        foreach (var attribute in attributes)
        {
            var (name, values) = Read(attribute);
            lists.TryAdd(name, values);
        }
        return lists;
    }

    static (string Name, AttributeLists Values) Read(ReadOnlyMemory<byte> attribute)
    {
        var (name, values) = ("", new AttributeLists());
        var input = new ProtoInput(attribute);
        while (input.Next())
        {
            if (input.Field == 1)
                name = input.Text();
            else if (input.Field is 3 or 8)
                input.AddInts(values.Ints);
            else if (input.Field == 7)
                input.AddFloats(values.Floats);
            else if (input.Field == 9)
                values.Texts.Add(input.Text());
        }
        return (name, values);
    }
}
