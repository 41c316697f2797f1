using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.StreamProcessor;

/// <summary>What each series of an entity usually does at each hour of the week: learned from minutes, for both cadences.</summary>
sealed class SeriesProfiles
{
    const int MaxSeries = 100_000;

    string[] _ids = [];
    WeeklyProfile[] _profiles = [];

    /// <summary>Takes over new columns; a profile follows its series.</summary>
    public void Bind(IReadOnlyList<SeriesColumn> columns)
    {
        var known = new Dictionary<string, WeeklyProfile>(_ids.Length, StringComparer.Ordinal);
        for (var i = 0; i < _ids.Length; i++)
            known[_ids[i]] = _profiles[i];
        _ids = [.. columns.Select(column => column.Id)];
        _profiles = [.. columns.Select(column =>
            known.TryGetValue(column.Id, out var profile) && string.Equals(profile.Unit, column.Unit, StringComparison.Ordinal)
                ? profile
                : new WeeklyProfile(column.Unit))];
    }

    /// <param name="minuteStartMs">Unix milliseconds.</param>
    /// <param name="means">One a column, NaN where nothing came.</param>
    public void Add(long minuteStartMs, ReadOnlySpan<double> means)
    {
        for (var i = 0; i < _profiles.Length; i++)
            _profiles[i].Add(minuteStartMs, means[i]);
    }

    public HourLevel At(int column, long t) => _profiles[column].At(t);

    public void Write(BinaryWriter writer)
    {
        writer.Write(_ids.Length);
        for (var i = 0; i < _ids.Length; i++)
        {
            writer.Write(_ids[i]);
            _profiles[i].Write(writer);
        }
    }

    public static SeriesProfiles Read(BinaryReader reader)
    {
        var count = reader.ReadInt32();
        if (count is < 0 or > MaxSeries)
            throw new InvalidDataException($"The checkpoint claims {count} series.");
        var profiles = new SeriesProfiles { _ids = new string[count], _profiles = new WeeklyProfile[count] };
        for (var i = 0; i < count; i++)
        {
            profiles._ids[i] = reader.ReadString();
            profiles._profiles[i] = WeeklyProfile.Read(reader);
        }
        return profiles;
    }
}
