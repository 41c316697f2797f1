using Forewarn.Analytics;

namespace Forewarn.Models;

/// <summary>
/// An entity's own part of a model that goes on learning: its score takes the place of the graph's, and each row is learned
/// after it was scored. Rows come in order. Not thread-safe.
/// </summary>
public sealed class EntityScorer
{
    /// <summary>No forest that is accepted has more to save; a longer claim is no checkpoint.</summary>
    const int MostBytes = 64 * 1024 * 1024;

    byte[]? _saved;
    IOnlineScorer? _scorer;

    EntityScorer(string model, byte[]? saved) => (Model, _saved) = (model, saved);

    /// <summary>Version of the model it belongs to.</summary>
    public string Model { get; }

    /// <summary>The entity's part of a model; null of one that does not learn.</summary>
    public static EntityScorer? Of(string model, OnlineModel? online) => online is null ? null : new EntityScorer(model, saved: null);

    /// <summary>Scores a row and learns it.</summary>
    /// <param name="online">What learns in the model of <see cref="Model"/>.</param>
    /// <param name="row">The row that the graph scored.</param>
    public float Take(OnlineModel online, ReadOnlySpan<float> row)
    {
        ArgumentNullException.ThrowIfNull(online);
        var scorer = _scorer ??= Begin(online);
        var score = scorer.Score(row);
        scorer.Learn(row);
        return score;
    }

    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(Model);
        var bytes = Bytes();
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    /// <summary>What was learned is read when its model is at hand: at a start nobody may know a challenger yet.</summary>
    /// <exception cref="InvalidDataException">The bytes are no checkpoint.</exception>
    public static EntityScorer Read(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var (model, length) = (reader.ReadString(), reader.ReadInt32());
        if (length is < 0 or > MostBytes)
            throw new InvalidDataException($"What an entity taught its model claims {length} bytes; at most {MostBytes} are possible.");
        var saved = reader.ReadBytes(length);
        return saved.Length == length
            ? new EntityScorer(model, length == 0 ? null : saved)
            : throw new InvalidDataException("What an entity taught its model is cut off.");
    }

    IOnlineScorer Begin(OnlineModel online)
    {
        var saved = _saved;
        _saved = null;
        if (saved is null)
            return online.Begin();
        try
        {
            using var reader = new BinaryReader(new MemoryStream(saved, writable: false));
            return online.Read(reader);
        }
        catch (Exception unusable) when (unusable is InvalidDataException or EndOfStreamException or FormatException)
        {
            // The version is a content address, so this is damage: the entity learns anew, which costs hours, not alarms.
            return online.Begin();
        }
    }

    byte[] Bytes()
    {
        if (_scorer is null)
            return _saved ?? [];
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        _scorer.Write(writer);
        writer.Flush();
        return stream.ToArray();
    }
}
