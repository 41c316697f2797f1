namespace Forewarn.Analytics;

/// <summary>Shared bits of the checkpoint format: a version byte first, bounded lengths, little endian throughout.</summary>
static class Checkpoint
{
    public static void ExpectVersion(this BinaryReader reader, byte version, string what)
    {
        var found = reader.ReadByte();
        if (found != version)
        {
            throw new InvalidDataException($"The checkpoint of {what} has version {found}, this program reads {version}; discard it and start from history.");
        }
    }

    public static int ReadBoundedCount(this BinaryReader reader, int limit)
    {
        var count = reader.ReadInt32();
        if (count < 0 || count > limit)
        {
            throw new InvalidDataException($"The checkpoint holds a length of {count} where at most {limit} is possible; discard it and start from history.");
        }

        return count;
    }

    public static double ReadFinite(this BinaryReader reader) => reader.ReadDouble() is var value && double.IsFinite(value)
        ? value
        : throw new InvalidDataException("The checkpoint holds a number that is not finite; discard it and start from history.");

    /// <summary>Numbers without their count, which the reader knows.</summary>
    public static void WriteFloats(this BinaryWriter writer, ReadOnlySpan<float> values)
    {
        foreach (var value in values)
        {
            writer.Write(value);
        }
    }

    /// <summary>So many finite numbers.</summary>
    public static float[] ReadFloats(this BinaryReader reader, int count)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = reader.ReadSingle();
            if (!float.IsFinite(values[i]))
            {
                throw new InvalidDataException("The checkpoint holds a number that is not finite; discard it and start from history.");
            }
        }

        return values;
    }
}
