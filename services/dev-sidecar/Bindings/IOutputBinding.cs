namespace DevSidecar.Bindings;

/// <summary>A call of an output binding.</summary>
sealed record BindingCall(string Operation, ReadOnlyMemory<byte> Data, IReadOnlyDictionary<string, string> Metadata);

/// <summary>What a binding answers; null data means there is none.</summary>
sealed record BindingAnswer(byte[]? Data, IReadOnlyDictionary<string, string> Metadata)
{
    public static BindingAnswer Empty { get; } = new(null, new Dictionary<string, string>(StringComparer.Ordinal));
}

/// <summary>The call could not be carried out; the message goes to the caller.</summary>
sealed class BindingException(string message, Exception? inner = null) : Exception(message, inner);

interface IOutputBinding
{
    IReadOnlyList<string> Operations { get; }

    /// <exception cref="BindingException">The other side refused or is unreachable, or the call is malformed.</exception>
    Task<BindingAnswer> InvokeAsync(BindingCall call, CancellationToken cancellationToken);
}
