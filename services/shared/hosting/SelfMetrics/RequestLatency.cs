using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Forewarn.Hosting;

/// <summary>
/// Listens to <c>http.server.request.duration</c> of this host. Counted is every request that has an answer of its own;
/// left out are health checks, upgraded connections (101) and answers of type <c>text/event-stream</c>: they last as long
/// as somebody watches, which says nothing about how fast this service answers.
/// </summary>
sealed class RequestLatency : IDisposable
{
    const string StreamTag = "forewarn.stream";

    readonly LatencyHistogram _histogram = new();
    readonly MeterListener _listener = new();

    public RequestLatency(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "http.server.request.duration" && ReferenceEquals(instrument.Meter.Scope, meters))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) => Record(seconds, tags));
    }

    public void Start() => _listener.Start();

    public LatencyWindow Take() => _histogram.Take();

    /// <summary>Marks long-lived answers, which the instrument itself cannot tell from others.</summary>
    public static async Task MarkStreamsAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        finally
        {
            if (context.Response.ContentType?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) == true)
                context.Features.Get<IHttpMetricsTagsFeature>()?.Tags.Add(new(StreamTag, true));
        }
    }

    void Record(double seconds, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var status = 0;
        foreach (var (key, value) in tags)
        {
            if (key == StreamTag || (key == "http.route" && value is string route && route.StartsWith("/healthz", StringComparison.Ordinal)))
                return;
            if (key == "http.response.status_code" && value is int code)
                status = code;
        }
        if (status != StatusCodes.Status101SwitchingProtocols)
            _histogram.Record(seconds, error: status >= 500);
    }

    public void Dispose() => _listener.Dispose();
}
