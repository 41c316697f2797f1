using System.Net.Http.Headers;
using DevSidecar.Apps;
using DevSidecar.PubSub;
using DevSidecar.Resiliency;

namespace DevSidecar.Bindings;

/// <summary>
/// Brings the events of one input binding to the app as <c>POST</c>, metadata as headers. Without an inbound policy an event
/// is posted once: what the app refuses is logged and gone, unless the binding itself offers it again.
/// </summary>
sealed class InputDelivery(AppSidecar sidecar, InputBinding binding, ILogger logger)
{
    readonly IAppPort _app = sidecar;

    public async Task<EventOutcome> DeliverAsync(BindingEvent bindingEvent, CancellationToken cancellationToken)
    {
        var started = sidecar.Time.GetTimestamp();
        var outcome = EventOutcome.Refused;
        try
        {
            var status = await sidecar.Guards.Inbound(binding.Name, "Binding").RunAsync(
                token => PostAsync(bindingEvent, token),
                static s => IsSuccess(s) ? Outcome.Success : Outcome.HttpFailure(s),
                static e => e is HttpRequestException ? Outcome.Failure : Outcome.Final,
                cancellationToken);
            if (IsSuccess(status))
            {
                outcome = EventOutcome.Taken;
            }
            else
            {
                Log.BindingEventRefused(logger, sidecar.AppId, binding.Name, binding.Path, $"status {status}");
            }
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException or CircuitOpenException or OperationCanceledException)
        {
            Log.BindingEventRefused(logger, sidecar.AppId, binding.Name, binding.Path, e.Message);
            if (cancellationToken.IsCancellationRequested || (e is HttpRequestException && await IsGoneAsync(cancellationToken)))
            {
                outcome = EventOutcome.AppGone;
            }
        }

        sidecar.Telemetry.InputBinding(binding.Name, outcome == EventOutcome.Taken, sidecar.Time.GetElapsedTime(started));
        return outcome;
    }

    /// <summary>The deliveries are cancelled as soon as the loss is noticed, often while this asks; a binding must not end by that.</summary>
    async Task<bool> IsGoneAsync(CancellationToken cancellationToken)
    {
        try
        {
            return !await _app.IsAliveAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    static bool IsSuccess(int status) => status is >= 200 and < 300;

    /// <summary>The answer's body is not read: what daprd would do with a <c>BindingResponse</c> it does for gRPC apps only.</summary>
    async Task<int> PostAsync(BindingEvent bindingEvent, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, sidecar.Channel.Origin + binding.Path) { Content = new ReadOnlyMemoryContent(bindingEvent.Data) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        foreach (var (name, value) in bindingEvent.Metadata)
        {
            MetadataHeaders.Set(request, name, value);
        }

        MetadataHeaders.Set(request, "traceparent", CloudEvents.TraceParent(bindingEvent.Metadata.GetValueOrDefault("traceparent")));
        using var response = await sidecar.Channel.SendAsync(request, binding.Path, cancellationToken);
        return (int)response.StatusCode;
    }
}
