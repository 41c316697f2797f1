using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>Measures the machine this service runs on.</summary>
interface IHostSource : IDisposable
{
    /// <summary>The series at this instant; null when rates have no earlier reading yet.</summary>
    (SeriesSchema Schema, double[] Values)? Measure();
}
