using System.Text.Json;
using Forewarn.Contracts;

namespace Forewarn.StreamProcessor;

/// <summary>What a checkpoint holds of a <see cref="SeriesWatch"/>.</summary>
/// <param name="Column">The series.</param>
/// <param name="State">How far the condition has come.</param>
/// <param name="Value">Newest value of what is compared.</param>
/// <param name="LastSeen">Event time of the newest value.</param>
/// <param name="Values">How often it was measured.</param>
/// <param name="Rhythm">Its usual pauses.</param>
sealed record WatchRecord(SeriesColumn Column, HoldState State, double Value, long LastSeen, long Values, Rhythm Rhythm)
{
    public void Write(BinaryWriter writer)
    {
        writer.Write(JsonSerializer.Serialize(SeriesSchema.Of([Column]), ContractJson.Default.SeriesSchema));
        writer.Write(State.Since ?? long.MinValue);
        writer.Write(State.IsFiring);
        writer.Write(State.IsBeyond);
        writer.Write(Value);
        writer.Write(LastSeen);
        writer.Write(Values);
        Rhythm.Write(writer);
    }

    /// <exception cref="InvalidDataException">It cannot be read.</exception>
    public static WatchRecord Read(BinaryReader reader)
    {
        var json = reader.ReadString();
        var (since, firing, beyond) = (reader.ReadInt64(), reader.ReadBoolean(), reader.ReadBoolean());
        return new WatchRecord(
            ColumnOf(json), new HoldState(since == long.MinValue ? null : since, firing, beyond), reader.ReadDouble(), reader.ReadInt64(), reader.ReadInt64(), Rhythm.Read(reader));
    }

    static SeriesColumn ColumnOf(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ContractJson.Default.SeriesSchema) is { Columns: [var column] }
                ? column
                : throw new InvalidDataException("A watched series in it is none.");
        }
        catch (JsonException damaged)
        {
            throw new InvalidDataException($"A watched series in it cannot be read: {damaged.Message}", damaged);
        }
    }
}
