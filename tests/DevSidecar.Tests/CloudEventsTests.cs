using System.Text.Json;
using DevSidecar.PubSub;

namespace DevSidecar.Tests;

public sealed class CloudEventsTests
{
    [Fact]
    public void An_event_without_an_id_gets_a_version_4_uuid_of_its_own()
    {
        var context = new EnvelopeContext("app", "ps", "topic", null, null, DateTimeOffset.UnixEpoch);
        var item = new PublishItem("1"u8.ToArray(), "application/json", new Dictionary<string, string>(StringComparer.Ordinal));

        var ids = Enumerable.Range(0, 1000).Select(_ => Id(CloudEvents.Wrap(item, context))).ToList();

        ids.Distinct().Count().ShouldBe(ids.Count);
        ids.ShouldAllBe(id => id.Version == 4 && id.Variant >= 8 && id.Variant <= 11);
    }

    static Guid Id(ReadOnlyMemory<byte> envelope)
    {
        using var document = JsonDocument.Parse(envelope);
        return document.RootElement.GetProperty("id").GetGuid();
    }
}
