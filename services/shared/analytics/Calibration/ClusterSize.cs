namespace Forewarn.Analytics;

/// <summary>
/// How many extreme points come together, on average: windows overlap, so one strange moment makes several of them. A cluster says as
/// much about the rate of extremes as a single independent point (its mean size is the inverse of the extremal index, Leadbetter 1983;
/// by the runs estimator, Smith and Weissman 1994). Weighted like the points, so it forgets with them.
/// </summary>
sealed class ClusterSize
{
    /// <summary>More points in between separate two clusters.</summary>
    const int Gap = 20;

    /// <summary>Single points assumed before any was seen.</summary>
    const double Singles = 3;

    double _extremes;
    double _clusters;
    int _quiet = Gap;

    /// <param name="unit">Weight of a point of now.</param>
    public double Mean(double unit) => (_extremes + (Singles * unit)) / (_clusters + (Singles * unit));

    /// <summary>Takes the next point.</summary>
    public void Take(bool isExtreme, double unit)
    {
        if (!isExtreme)
        {
            _quiet = Math.Min(_quiet + 1, Gap);
            return;
        }

        _extremes += unit;
        _clusters += _quiet == Gap ? unit : 0;
        _quiet = 0;
    }

    public void Merge(ClusterSize other, double factor)
    {
        _extremes += other._extremes * factor;
        _clusters += other._clusters * factor;
    }

    /// <summary>Multiplies every weight.</summary>
    public void Rescale(double factor)
    {
        _extremes *= factor;
        _clusters *= factor;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(_extremes);
        writer.Write(_clusters);
        writer.Write(_quiet);
    }

    public static ClusterSize Read(BinaryReader reader) =>
        new() { _extremes = reader.ReadDouble(), _clusters = reader.ReadDouble(), _quiet = reader.ReadBoundedCount(Gap) };
}
