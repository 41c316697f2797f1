using System.Globalization;
using Grpc.Core;

namespace DevSidecar.Metrics;

/// <summary>Statuses as label values; made once.</summary>
static class StatusText
{
    static readonly string[] Http = [.. Enumerable.Range(0, 600).Select(s => s.ToString(CultureInfo.InvariantCulture))];

    /// <summary>Go's names, which differ from those of .NET in one letter.</summary>
    static readonly string[] Grpc = [.. Enum.GetValues<StatusCode>().Select(s => s == StatusCode.Cancelled ? "Canceled" : s.ToString())];

    public static string Of(int status) => (uint)status < (uint)Http.Length ? Http[status] : status.ToString(CultureInfo.InvariantCulture);

    public static string Of(StatusCode status) => (uint)status < (uint)Grpc.Length ? Grpc[(int)status] : nameof(StatusCode.Unknown);
}
