namespace Forewarn.Analytics;

/// <summary>
/// Remembers of each metric since when it has been strange, so that an alarm can say who moved first. A lapse of a few ticks
/// does not count as an end. Not thread-safe.
/// </summary>
public sealed class FirstMovers
{
    /// <summary>Energy from which a metric is strange: a hundredth by each of its three members.</summary>
    public const float Strange = 6;

    const byte CheckpointVersion = 1;
    const int LapseTicks = 5;
    const int MostMetrics = 4096;
    const long Never = long.MinValue;

    long[] _since = [];
    byte[] _lapse = [];

    /// <summary>Takes the energies of a tick; other metrics than before are all new.</summary>
    public void Take(long t, ReadOnlySpan<float> energies)
    {
        if (_since.Length != energies.Length)
        {
            (_since, _lapse) = (new long[energies.Length], new byte[energies.Length]);
            Array.Fill(_since, Never);
        }
        for (var i = 0; i < energies.Length; i++)
        {
            if (energies[i] >= Strange)
                (_since[i], _lapse[i]) = (_since[i] == Never ? t : _since[i], 0);
            else if (_since[i] != Never && ++_lapse[i] > LapseTicks)
                _since[i] = Never;
        }
    }

    /// <summary>The metric that has been strange for longest, and since when; null when none is.</summary>
    public (int Metric, long Since)? First
    {
        get
        {
            (int Metric, long Since)? first = null;
            for (var i = 0; i < _since.Length; i++)
            {
                if (_since[i] != Never && !(first?.Since <= _since[i]))
                    first = (i, _since[i]);
            }
            return first;
        }
    }

    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(CheckpointVersion);
        writer.Write(_since.Length);
        for (var i = 0; i < _since.Length; i++)
        {
            writer.Write(_since[i]);
            writer.Write(_lapse[i]);
        }
    }

    /// <exception cref="InvalidDataException">The bytes are no checkpoint of this version.</exception>
    public static FirstMovers Read(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        reader.ExpectVersion(CheckpointVersion, "first movers");
        var count = reader.ReadBoundedCount(MostMetrics);
        var movers = new FirstMovers { _since = new long[count], _lapse = new byte[count] };
        for (var i = 0; i < count; i++)
            (movers._since[i], movers._lapse[i]) = (reader.ReadInt64(), reader.ReadByte());
        return movers;
    }
}
