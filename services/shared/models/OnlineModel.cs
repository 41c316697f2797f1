using Forewarn.Analytics;

namespace Forewarn.Models;

/// <summary>
/// The part of a model file that goes on learning: the graph scores as the model was trained, and what is here gives each
/// entity a scorer of its own that begins there. It lies in the file's metadata, so it is under the same checksum.
/// </summary>
public sealed class OnlineModel
{
    const string Key = "half_space_forest";

    readonly HalfSpaceForest _forest;

    OnlineModel(HalfSpaceForest forest) => _forest = forest;

    /// <summary>For the model file.</summary>
    public static KeyValuePair<string, string> Metadata(HalfSpaceForest forest)
    {
        ArgumentNullException.ThrowIfNull(forest);
        return new(Key, Convert.ToBase64String(forest.ToBytes()));
    }

    /// <summary>The learning part of a file; null of one that does not learn.</summary>
    /// <exception cref="ModelRefusedException">There is one, but it cannot be used, or scores otherwise than the graph.</exception>
    public static OnlineModel? Of(OnnxScorer scorer)
    {
        ArgumentNullException.ThrowIfNull(scorer);
        if (!scorer.Metadata.TryGetValue(Key, out var text))
            return null;
        try
        {
            var forest = HalfSpaceForest.FromBytes(Convert.FromBase64String(text));
            Compare(forest, scorer);
            return new OnlineModel(forest);
        }
        catch (Exception unusable) when (unusable is FormatException or InvalidDataException)
        {
            throw new ModelRefusedException($"The learning part of the model cannot be read: {unusable.Message}", unusable);
        }
    }

    /// <summary>A scorer for an entity that has not been seen.</summary>
    public IOnlineScorer Begin() => new StreamingForest(_forest);

    /// <summary>A scorer as it was written to a checkpoint.</summary>
    /// <exception cref="InvalidDataException">The bytes are not of this model.</exception>
    public IOnlineScorer Read(BinaryReader reader) => StreamingForest.Read(reader, _forest);

    /// <summary>A file whose two parts disagree was put together by hand: which of them was calibrated is anyone's guess.</summary>
    static void Compare(HalfSpaceForest forest, OnnxScorer scorer)
    {
        const float most = 1e-4f;
        if (forest.Features != scorer.Inputs)
            throw new InvalidDataException($"It reads {forest.Features} numbers per row, the graph {scorer.Inputs}.");
        var row = new float[scorer.Inputs];
        Span<float> score = stackalloc float[1];
        foreach (var value in (ReadOnlySpan<float>)[0, 1, 3])
        {
            Array.Fill(row, value);
            scorer.Score(row, 1, score);
            if (Math.Abs(score[0] - forest.Score(row)) > most)
                throw new InvalidDataException($"It scores {forest.Score(row)} where the graph scores {score[0]}.");
        }
    }
}
