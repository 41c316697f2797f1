using Forewarn.Contracts;

namespace Forewarn.Simulator;

/// <summary>Takes batches to whoever watches.</summary>
interface IMetricSender : IDisposable
{
    /// <summary>Where to, for people.</summary>
    string Target { get; }

    /// <summary>Returns when the receiver has all of it.</summary>
    /// <exception cref="SendingException">It is refused, or the receiver is away for longer than <see cref="HttpDoor.Patience"/>.</exception>
    Task SendAsync(IReadOnlyList<ExternalBatch> batches, CancellationToken cancellationToken);
}

/// <summary>The receiver refuses what is sent, or stayed away too long; the message says which and what to do.</summary>
sealed class SendingException(string message) : Exception(message);
