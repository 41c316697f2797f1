namespace Forewarn.Ingestion;

/// <summary>How many values lie where. Never changed once made.</summary>
abstract class Buckets
{
    /// <summary>Buckets of one point at most; an OpenTelemetry SDK makes 15 or 160.</summary>
    public const int Most = 4096;

    /// <summary>What has been added since an earlier point of the same count.</summary>
    /// <param name="earlier">That point.</param>
    /// <param name="increase">Null when the two cannot be compared, as with other bounds.</param>
    /// <returns>False when a bucket holds less than before: counting began anew.</returns>
    public abstract bool TrySince(Buckets earlier, out Buckets? increase);

    /// <summary>The value below which a share of the values lies, taking those of a bucket as spread over it.</summary>
    /// <param name="level">Share, 0 to 1.</param>
    /// <param name="min">Smallest value, NaN when not known.</param>
    /// <param name="max">Greatest value, NaN when not known.</param>
    /// <returns>NaN without values.</returns>
    public abstract double Quantile(double level, double min = double.NaN, double max = double.NaN);

    /// <summary>How many values there are.</summary>
    public abstract double Total { get; }
}
