using System.Buffers.Binary;
using System.IO.Compression;

namespace Forewarn.Hosting;

/// <summary>
/// The bytes of a checkpoint: version, event time of the state (readable without unpacking), then the state, compressed.
/// </summary>
public static class CheckpointFrame
{
    const byte Version = 1;
    const int HeaderBytes = 1 + sizeof(long) + sizeof(int);
    const int MaxStateBytes = 64 * 1024 * 1024;

    public static byte[] Pack(IEntityState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        using var plain = new MemoryStream();
        using (var writer = new BinaryWriter(plain, System.Text.Encoding.UTF8, leaveOpen: true))
            state.Write(writer);
        var length = (int)plain.Length;
        var packed = new byte[HeaderBytes + BrotliEncoder.GetMaxCompressedLength(length)];
        packed[0] = Version;
        BinaryPrimitives.WriteInt64LittleEndian(packed.AsSpan(1), state.LastTick);
        BinaryPrimitives.WriteInt32LittleEndian(packed.AsSpan(1 + sizeof(long)), length);

        // Quality 1: windows of noise hardly shrink, idle series shrink to nothing, and more effort changes neither.
        if (!BrotliEncoder.TryCompress(plain.GetBuffer().AsSpan(0, length), packed.AsSpan(HeaderBytes), out var written, quality: 1, window: 18))
            throw new InvalidOperationException("A checkpoint did not fit into the space that compression may need at most.");
        return packed.AsSpan(0, HeaderBytes + written).ToArray();
    }

    /// <summary>Event time of the state in the blob; <see cref="long.MinValue"/> when there is none that this program can read.</summary>
    public static long LastTickOf(ReadOnlySpan<byte> blob) =>
        blob.Length > HeaderBytes && blob[0] == Version ? BinaryPrimitives.ReadInt64LittleEndian(blob[1..]) : long.MinValue;

    /// <exception cref="InvalidDataException">The blob was written by another version, or is damaged.</exception>
    public static BinaryReader Unpack(ReadOnlySpan<byte> blob)
    {
        if (LastTickOf(blob) == long.MinValue)
            throw new InvalidDataException("The checkpoint was written by another version of this program.");
        var length = BinaryPrimitives.ReadInt32LittleEndian(blob[(1 + sizeof(long))..]);
        if (length is < 0 or > MaxStateBytes)
            throw new InvalidDataException($"The checkpoint claims {length} bytes.");
        var plain = new byte[length];
        if (!BrotliDecoder.TryDecompress(blob[HeaderBytes..], plain, out var written) || written != length)
            throw new InvalidDataException("The checkpoint cannot be unpacked.");
        return new BinaryReader(new MemoryStream(plain, writable: false));
    }
}
