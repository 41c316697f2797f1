namespace DevSidecar.Bindings;

/// <summary>Something happened at a binding: the body and headers the app is to get.</summary>
sealed record BindingEvent(ReadOnlyMemory<byte> Data, IReadOnlyDictionary<string, string> Metadata);

/// <summary>Takes an event to the app. True when the app took it; false when it refused or could not be reached, which is logged by then.</summary>
delegate Task<bool> BindingHandler(BindingEvent bindingEvent, CancellationToken cancellationToken);

/// <summary>A binding that brings events to the app. Made once per replica; reads only while the app is there.</summary>
interface IInputBinding
{
    /// <summary>
    /// Starts reading. Disposing what comes back ends it: no event is handed over afterwards, and what is being handed over
    /// is waited for. The sidecar sees to it that the handler ends in time.
    /// </summary>
    Task<IAsyncDisposable> ReadAsync(BindingHandler handler, CancellationToken cancellationToken);
}
