namespace Forewarn.Analytics;

/// <summary>
/// One entity's masses in a <see cref="HalfSpaceForest"/>, renewed while its ticks pass: rows are counted per leaf, and when a
/// window of them is full, what counts as usual becomes the mean of itself and the window. It begins with the masses of the
/// training rows, so it judges from the first tick. O(trees x depth) per row; two numbers of 16 bits per leaf.
/// </summary>
/// <remarks>
/// The paper lets each window replace the one before. A monitored host has hours of many kinds: halving instead of replacing
/// keeps a memory of several windows, and one bad hour does not become the only measure.
/// </remarks>
public sealed class StreamingForest : IOnlineScorer
{
    const byte CheckpointVersion = 1;

    readonly HalfSpaceForest _forest;
    readonly ushort[] _usual;
    readonly ushort[] _window;
    int _rows;

    public StreamingForest(HalfSpaceForest forest)
        : this(forest, (forest ?? throw new ArgumentNullException(nameof(forest))).Masses.ToArray(), new ushort[forest.Leaves], 0)
    {
    }

    StreamingForest(HalfSpaceForest forest, ushort[] usual, ushort[] window, int rows) =>
        (_forest, _usual, _window, _rows) = (forest, usual, window, rows);

    /// <inheritdoc/>
    public float Score(ReadOnlySpan<float> row) => _forest.Score(row, _usual);

    /// <inheritdoc/>
    public void Learn(ReadOnlySpan<float> row)
    {
        for (var tree = 0; tree < _forest.Trees; tree++)
            _window[_forest.LeafOf(tree, row)]++;
        if (++_rows < _forest.Window)
            return;
        for (var leaf = 0; leaf < _usual.Length; leaf++)
            _usual[leaf] = (ushort)((_usual[leaf] + _window[leaf]) / 2);
        Array.Clear(_window);
        _rows = 0;
    }

    /// <inheritdoc/>
    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(CheckpointVersion);
        writer.Write(_usual.Length);
        writer.Write(_rows);
        Span<ushort[]> masses = [_usual, _window];
        foreach (var mass in masses)
        {
            foreach (var count in mass)
                writer.Write7BitEncodedInt(count);
        }
    }

    /// <exception cref="InvalidDataException">The bytes are no state of this forest.</exception>
    public static StreamingForest Read(BinaryReader reader, HalfSpaceForest forest)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(forest);
        reader.ExpectVersion(CheckpointVersion, "a streaming forest");
        var (leaves, rows) = (reader.ReadInt32(), reader.ReadInt32());
        if (leaves != forest.Leaves || rows < 0 || rows >= forest.Window)
            throw new InvalidDataException($"The streaming forest has {leaves} leaves and {rows} rows; {forest.Leaves} leaves and fewer than {forest.Window} rows belong to this model.");
        return new StreamingForest(forest, ReadMasses(reader, leaves, ushort.MaxValue), ReadMasses(reader, leaves, forest.Window), rows);
    }

    static ushort[] ReadMasses(BinaryReader reader, int leaves, int most)
    {
        var masses = new ushort[leaves];
        for (var leaf = 0; leaf < leaves; leaf++)
        {
            var count = reader.Read7BitEncodedInt();
            masses[leaf] = count >= 0 && count <= most ? (ushort)count : throw new InvalidDataException($"A leaf of the streaming forest has {count} rows; at most {most} are possible.");
        }
        return masses;
    }
}
