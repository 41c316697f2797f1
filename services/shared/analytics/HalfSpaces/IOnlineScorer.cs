namespace Forewarn.Analytics;

/// <summary>
/// A model of one entity that learns from every tick after it has scored it. Its state belongs to the entity and lies in
/// its checkpoint. Not thread-safe.
/// </summary>
public interface IOnlineScorer
{
    /// <summary>Between 0 and 1, about 0.5 for an ordinary row, growing with strangeness; changes nothing.</summary>
    float Score(ReadOnlySpan<float> row);

    /// <summary>Takes the row in.</summary>
    void Learn(ReadOnlySpan<float> row);

    /// <summary>Writes all that was learned.</summary>
    void Write(BinaryWriter writer);
}
