using System.Text.Json;
using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.Alerting.Notifications;

/// <summary>What became of test notifications, for a day. A test has no incident whose actor would remember it.</summary>
sealed class TestReports(CheckpointStore state)
{
    public const string IdPrefix = "test-";

    /// <summary>A receiver's channels report one by one, so few ever meet.</summary>
    const int MaxAttempts = 20;

    static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    /// <summary>Its deliveries belong here and not to an incident.</summary>
    public static bool IsTest(string incidentId) => incidentId.StartsWith(IdPrefix, StringComparison.Ordinal);

    /// <summary>Before it is sent, so that no report comes too early.</summary>
    public Task KeepAsync(AlertTest test, CancellationToken cancellationToken) => ChangeAsync(test.Incident, _ => test, cancellationToken);

    /// <summary>Null when there was none within a day.</summary>
    public async Task<AlertTest?> FindAsync(string id, CancellationToken cancellationToken) =>
        IsTest(id) ? Read((await state.LoadAsync(KeyOf(id), cancellationToken)).Blob) : null;

    /// <summary>Takes the newest state of one receiver and channel; of a test that is not known nothing is kept.</summary>
    /// <exception cref="TimeoutException">Others kept writing; it must be reported again.</exception>
    public Task ReportAsync(string id, DeliveryState delivery, CancellationToken cancellationToken) => ChangeAsync(
        id,
        test => test is null ? null : test with
        {
            Deliveries = [.. test.Deliveries.Where(other => (other.Receiver, other.Channel) != (delivery.Receiver, delivery.Channel)), delivery],
        },
        cancellationToken);

    async Task ChangeAsync(string id, Func<AlertTest?, AlertTest?> change, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var (blob, etag) = await state.LoadAsync(KeyOf(id), cancellationToken);
            if (change(Read(blob)) is not { } changed)
                return;
            if (await state.TrySaveAsync(KeyOf(id), JsonSerializer.SerializeToUtf8Bytes(changed, ContractJson.Default.AlertTest), etag, Kept, cancellationToken))
                return;
        }
        throw new TimeoutException($"What became of test {id} was changed by others {MaxAttempts} times in a row.");
    }

    static AlertTest? Read(ReadOnlyMemory<byte> blob) => blob.IsEmpty ? null : JsonSerializer.Deserialize(blob.Span, ContractJson.Default.AlertTest);

    static string KeyOf(string id) => $"alert-{id}";
}
