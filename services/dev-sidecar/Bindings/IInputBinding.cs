namespace DevSidecar.Bindings;

/// <summary>Something happened at a binding: the body and headers the app is to get.</summary>
sealed record BindingEvent(ReadOnlyMemory<byte> Data, IReadOnlyDictionary<string, string> Metadata);

/// <summary>What became of an event; what is not <see cref="Taken"/> is logged by then.</summary>
enum EventOutcome
{
    Taken,

    /// <summary>The app answered, or not in time, and did not take it.</summary>
    Refused,

    /// <summary>The app is no longer there: it may or may not have taken the event.</summary>
    AppGone,
}

/// <summary>Takes an event to the app.</summary>
delegate Task<EventOutcome> BindingHandler(BindingEvent bindingEvent, CancellationToken cancellationToken);

/// <summary>A binding that brings events to the app. Made once per replica; reads only while the app is there.</summary>
interface IInputBinding
{
    /// <summary>
    /// Starts reading. Disposing what comes back ends it: no event is handed over afterwards, and what is being handed over
    /// is waited for. The sidecar sees to it that the handler ends in time.
    /// </summary>
    Task<IAsyncDisposable> ReadAsync(BindingHandler handler, CancellationToken cancellationToken);
}
