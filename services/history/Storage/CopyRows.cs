using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Forewarn.History.Storage;

/// <summary>
/// Rows in PostgreSQL's binary COPY format, built as a whole and sent at once: Npgsql's importer waits, looks up a type and
/// checks for room with every value, which costs more than the value. Disposing gives its memory back.
/// </summary>
sealed class CopyRows : IDisposable
{
    const int Int4Oid = 23, Float8Oid = 701;

    /// <summary>Bytes before the first element of an array.</summary>
    const int ArrayBegin = 5 * sizeof(int);

    /// <summary>The signature, no flags, no extension.</summary>
    static ReadOnlySpan<byte> Head => [(byte)'P', (byte)'G', (byte)'C', (byte)'O', (byte)'P', (byte)'Y', (byte)'\n', 0xFF, (byte)'\r', (byte)'\n', 0, 0, 0, 0, 0, 0, 0, 0, 0];

    static readonly long Epoch = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    // Larger than what the collector moves about cheaply: taken from the pool.
    byte[] _buffer;
    int _length;

    /// <param name="sizeHint">About as many bytes as will be written.</param>
    public CopyRows(int sizeHint)
    {
        _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(sizeHint, Head.Length));
        Head.CopyTo(Take(Head.Length));
    }

    public void StartRow(short columns) => BinaryPrimitives.WriteInt16BigEndian(Take(sizeof(short)), columns);

    /// <summary>A <c>timestamptz</c>.</summary>
    public void WriteTime(long unixMs) => BinaryPrimitives.WriteInt64BigEndian(Value(sizeof(long)), (unixMs - Epoch) * 1000);

    public void Write(int value) => BinaryPrimitives.WriteInt32BigEndian(Value(sizeof(int)), value);

    public void Write(float value) => BinaryPrimitives.WriteSingleBigEndian(Value(sizeof(float)), value);

    public void Write(double value) => BinaryPrimitives.WriteDoubleBigEndian(Value(sizeof(double)), value);

    public void Write(bool value) => Value(1)[0] = value ? (byte)1 : (byte)0;

    public void Write(string text) => Encoding.UTF8.GetBytes(text, Value(Encoding.UTF8.GetByteCount(text)));

    /// <summary>An array of one dimension, counted from 1.</summary>
    public void Write(ReadOnlySpan<double> values)
    {
        const int Element = sizeof(int) + sizeof(double);
        var target = StartArray(Float8Oid, values.Length, Element);
        foreach (var value in values)
        {
            BinaryPrimitives.WriteInt32BigEndian(target, sizeof(double));
            BinaryPrimitives.WriteDoubleBigEndian(target[sizeof(int)..], value);
            target = target[Element..];
        }
    }

    /// <inheritdoc cref="Write(ReadOnlySpan{double})"/>
    public void Write(ReadOnlySpan<int> values)
    {
        const int Element = sizeof(int) + sizeof(int);
        var target = StartArray(Int4Oid, values.Length, Element);
        foreach (var value in values)
        {
            BinaryPrimitives.WriteInt32BigEndian(target, sizeof(int));
            BinaryPrimitives.WriteInt32BigEndian(target[sizeof(int)..], value);
            target = target[Element..];
        }
    }

    /// <summary>Everything with its end; nothing can be written afterwards.</summary>
    public ReadOnlyMemory<byte> Complete()
    {
        BinaryPrimitives.WriteInt16BigEndian(Take(sizeof(short)), -1);
        return _buffer.AsMemory(0, _length);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    Span<byte> StartArray(int oid, int length, int elementBytes)
    {
        var target = Value(ArrayBegin + (length * elementBytes));
        BinaryPrimitives.WriteInt32BigEndian(target, 1); // Dimensions.
        BinaryPrimitives.WriteInt32BigEndian(target[4..], 0); // No nulls.
        BinaryPrimitives.WriteInt32BigEndian(target[8..], oid);
        BinaryPrimitives.WriteInt32BigEndian(target[12..], length);
        BinaryPrimitives.WriteInt32BigEndian(target[16..], 1);
        return target[ArrayBegin..];
    }

    Span<byte> Value(int length)
    {
        var target = Take(sizeof(int) + length);
        BinaryPrimitives.WriteInt32BigEndian(target, length);
        return target[sizeof(int)..];
    }

    Span<byte> Take(int length)
    {
        if (_buffer.Length - _length < length)
            Grow(length);
        var target = _buffer.AsSpan(_length, length);
        _length += length;
        return target;
    }

    void Grow(int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(checked(_length + Math.Max(length, _length)));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
