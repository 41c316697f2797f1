using Forewarn.Contracts;

namespace Forewarn.Alerting.Notifications;

/// <summary>What one receiver still has to be told about one incident, and what it was told by each of its channels.</summary>
public sealed record OutboxState
{
    public required string Receiver { get; init; }

    /// <summary>The newest snapshot that came: whatever leaves later leaves with it.</summary>
    public required IncidentEvent Incident { get; init; }

    /// <summary>By channel, as <see cref="DeliveryState.Channel"/>.</summary>
    public IReadOnlyDictionary<string, ChannelQueue> Channels { get; init; } = new Dictionary<string, ChannelQueue>(StringComparer.Ordinal);

    /// <summary>Ids of what came, oldest first, at most <see cref="OutboxMachine.MostTaken"/>: they are not taken again.</summary>
    public IReadOnlyList<string> Taken { get; init; } = [];

    /// <summary>When the newest notification came, unix milliseconds.</summary>
    public long TakenAt { get; init; }

    /// <summary>Something has not left yet, or its outcome has not been told.</summary>
    public bool IsBusy => Channels.Values.Any(queue => queue.Pending.Count > 0 || queue.Report is not null);

    /// <summary>What has not left yet says only once more what was said.</summary>
    public bool OnlyRepeats => Channels.Values.All(queue => queue.Report is null && queue.Pending.All(one => one.IsRepeat));
}

/// <summary>The way of one incident's notifications through one channel, in their order.</summary>
public sealed record ChannelQueue
{
    /// <summary>What has not left, the next first.</summary>
    public IReadOnlyList<PendingNotification> Pending { get; init; } = [];

    /// <summary>What the channel needs to change or continue what it sent: Slack's <c>ts</c>, a mail's subject.</summary>
    public string? Mark { get; init; }

    /// <summary>Failed attempts at the next one.</summary>
    public int Attempts { get; init; }

    /// <summary>Not before this time, unix milliseconds.</summary>
    public long NextTryAt { get; init; }

    /// <summary>When the channel last took something, unix milliseconds; 0 = never.</summary>
    public long SentAt { get; init; }

    /// <summary>Who sends the next one now; null = nobody.</summary>
    public Lease? Lease { get; init; }

    /// <summary>An outcome that the incident has not been told of yet; null = none.</summary>
    public DeliveryState? Report { get; init; }
}

/// <summary>A notification without the incident, which all of a receiver's share.</summary>
/// <param name="At">When it was decided, unix milliseconds.</param>
/// <param name="IsRepeat">It says once more what was said, for a channel that forgets.</param>
public sealed record PendingNotification(string Id, NotificationKind Kind, long At, bool IsRepeat = false);

/// <summary>The right to send: kept before the attempt, so that nobody else makes it meanwhile.</summary>
/// <param name="Notification">Id of what is sent.</param>
/// <param name="Holder">Who sends.</param>
/// <param name="Until">When it ends, unix milliseconds.</param>
public sealed record Lease(string Notification, LeaseHolder Holder, long Until);

/// <summary>A process that sends.</summary>
/// <param name="Place">Machine and port: where one process replaces another, the former is dead and so are its leases.</param>
/// <param name="Process">New with every start.</param>
public sealed record LeaseHolder(string Place, string Process)
{
    public bool Replaces(LeaseHolder former) => Place == former.Place && Process != former.Process;
}

/// <summary>One attempt that may be made now.</summary>
/// <param name="Queue">Actor of the queue.</param>
/// <param name="Channel">As <see cref="DeliveryState.Channel"/>.</param>
/// <param name="Notification">What is sent, with the newest snapshot.</param>
/// <param name="Mark">As <see cref="ChannelQueue.Mark"/>.</param>
/// <param name="Attempts">Failed attempts before.</param>
/// <param name="Until">Of the lease, unix milliseconds.</param>
public sealed record DeliveryWork(string Queue, string Channel, Notification Notification, string? Mark, int Attempts, long Until);

/// <summary>How an attempt ended.</summary>
/// <param name="Channel">As <see cref="DeliveryState.Channel"/>.</param>
/// <param name="Notification">Id.</param>
/// <param name="Mark">What the channel keeps when it has taken the message.</param>
/// <param name="Refusal">Why the channel has not taken it; null when it has.</param>
public sealed record DeliveryOutcome(string Channel, string Notification, string? Mark, Refusal? Refusal);

/// <summary>A channel did not take a message.</summary>
/// <param name="Reason">For people.</param>
/// <param name="IsPermanent">It will not take it until somebody changes something.</param>
/// <param name="RetryAfterMs">What the channel asks for; 0 = nothing.</param>
public sealed record Refusal(string Reason, bool IsPermanent, long RetryAfterMs = 0);
