namespace Forewarn.Analytics.Tests.Joint;

/// <summary>Ordinary behaviour of an entity whose metrics follow two common causes, and what tests do with it.</summary>
static class JointSamples
{
    /// <summary>Values of one tick: a daily rhythm and a load shared by all metrics, and noise of each; the last metric is constant.</summary>
    public static double[] Tick(SeededRandom random, int t, int metrics)
    {
        var (rhythm, load) = (Math.Sin(2 * Math.PI * t / 288), Math.Sin(2 * Math.PI * t / 37));
        return [.. Enumerable.Range(0, metrics).Select(i => i == metrics - 1 ? 7 : (10 * i) + (rhythm * (1 + (i % 3))) + (load * (i % 2)) + (0.2 * random.NextGaussian()))];
    }

    /// <summary>Features of ordinary ticks, and what wrote them.</summary>
    public static (float[] Features, JointRows Rolling, SeededRandom Random) Past(int rows, int metrics, long seed = 5)
    {
        var (rolling, random) = (new JointRows(metrics), new SeededRandom(seed));
        var features = new float[rows * metrics * JointRow.Count];
        for (var t = 0; t < rows; t++)
            rolling.Update(Tick(random, t, metrics), features.AsSpan(t * metrics * JointRow.Count, metrics * JointRow.Count));
        return (features, rolling, random);
    }

    public static byte[] Bytes(Action<BinaryWriter> write)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        write(writer);
        writer.Flush();
        return stream.ToArray();
    }

    public static T Copy<T>(Action<BinaryWriter> write, Func<BinaryReader, T> read)
    {
        using var reader = new BinaryReader(new MemoryStream(Bytes(write)));
        var copy = read(reader);
        reader.BaseStream.Position.ShouldBe(reader.BaseStream.Length);
        return copy;
    }
}
