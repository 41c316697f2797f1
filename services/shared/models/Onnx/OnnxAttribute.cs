using Google.Protobuf;

namespace Forewarn.Models;

/// <summary>A named constant of a node.</summary>
public abstract record OnnxAttribute(string Name)
{
    public static OnnxAttribute Of(string name, long value) => new IntAttribute(name, value);

    public static OnnxAttribute Of(string name, string value) => new TextAttribute(name, value);

    public static OnnxAttribute Of(string name, IReadOnlyList<long> values) => new IntsAttribute(name, values);

    public static OnnxAttribute Of(string name, float[] values) => new FloatsAttribute(name, values);

    public static OnnxAttribute Of(string name, IReadOnlyList<string> values) => new TextsAttribute(name, values);

    /// <summary>AttributeProto.AttributeType.</summary>
    protected abstract int Type { get; }

    internal void WriteTo(CodedOutputStream attribute)
    {
        attribute.Text(1, Name);
        WriteValue(attribute);
        attribute.Int(20, Type);
    }

    private protected abstract void WriteValue(CodedOutputStream attribute);

    sealed record IntAttribute(string Name, long Value) : OnnxAttribute(Name)
    {
        protected override int Type => 2;

        private protected override void WriteValue(CodedOutputStream attribute) => attribute.Int(3, Value);
    }

    sealed record TextAttribute(string Name, string Value) : OnnxAttribute(Name)
    {
        protected override int Type => 3;

        private protected override void WriteValue(CodedOutputStream attribute) => attribute.Text(4, Value);
    }

    sealed record FloatsAttribute(string Name, float[] Values) : OnnxAttribute(Name)
    {
        protected override int Type => 6;

        private protected override void WriteValue(CodedOutputStream attribute) => attribute.Packed(7, Values);
    }

    sealed record IntsAttribute(string Name, IReadOnlyList<long> Values) : OnnxAttribute(Name)
    {
        protected override int Type => 7;

        private protected override void WriteValue(CodedOutputStream attribute) => attribute.Packed(8, Values);
    }

    sealed record TextsAttribute(string Name, IReadOnlyList<string> Values) : OnnxAttribute(Name)
    {
        protected override int Type => 8;

        private protected override void WriteValue(CodedOutputStream attribute)
        {
            foreach (var value in Values)
                attribute.Text(9, value);
        }
    }
}
