using System.Runtime.InteropServices;

namespace Forewarn.Analytics;

/// <summary>One hour of the week in 8 bytes: what is believed of it and what the last week said, in steps from an origin.</summary>
[StructLayout(LayoutKind.Auto)]
struct WeeklyCell
{
    const byte MostWeeks = 4;

    Half _level;
    Half _last;
    byte _spread;
    byte _lastSpread;

    /// <summary>Weeks seen, at most four.</summary>
    public byte Weeks { get; private set; }

    /// <summary>Mean of the hour last week.</summary>
    public readonly double Last => (double)_last;

    /// <summary>What is believed, and as long as there was but one week what it said.</summary>
    public readonly double Level => Weeks > 1 ? (double)_level : Last;

    /// <summary>As <see cref="Level"/>; grows with the deviation of the minutes from their mean.</summary>
    public readonly byte SpreadCode => Weeks > 1 ? _spread : _lastSpread;

    /// <summary>A logarithmic code: 9 % a step from 1/128 on, 0 for less.</summary>
    public static double SpreadOf(byte code) => code == 0 ? 0 : Math.Pow(2, (code / 8.0) - 7);

    /// <summary>Takes a week: belief becomes the median of itself, the week before and this one.</summary>
    /// <param name="mean">Of the hour.</param>
    /// <param name="spread">Deviation of its minutes.</param>
    /// <param name="prior">What was believed before a second week came.</param>
    public void Take(double mean, double spread, double prior)
    {
        var (newest, code) = ((Half)mean, CodeOf(spread));
        if (Weeks > 0)
        {
            _level = (Half)Median((double)(Weeks > 1 ? _level : (Half)prior), Last, (double)newest);

            // Two weeks have to agree that an hour is restless.
            _spread = (byte)Median(Weeks > 1 ? _spread : 0, _lastSpread, code);
        }

        (_last, _lastSpread) = (newest, code);
        Weeks = (byte)Math.Min(Weeks + 1, MostWeeks);
    }

    public readonly void Write(BinaryWriter writer)
    {
        writer.Write(Weeks);
        writer.Write(_level);
        writer.Write(_last);
        writer.Write(_spread);
        writer.Write(_lastSpread);
    }

    public static WeeklyCell Read(BinaryReader reader)
    {
        var cell = new WeeklyCell
        {
            Weeks = reader.ReadByte(),
            _level = reader.ReadHalf(),
            _last = reader.ReadHalf(),
            _spread = reader.ReadByte(),
            _lastSpread = reader.ReadByte(),
        };
        return cell.Weeks <= MostWeeks && Half.IsFinite(cell._level) && Half.IsFinite(cell._last)
            ? cell
            : throw new InvalidDataException("The checkpoint of a weekly profile holds an hour that cannot be; discard it and start from history.");
    }

    public static double Median(double a, double b, double c) => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));

    static byte CodeOf(double spread) => (byte)Math.Clamp(Math.Round(8 * (Math.Log2(Math.Max(spread, 1e-9)) + 7)), 0, byte.MaxValue);
}
