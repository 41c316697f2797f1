using System.Text;
using System.Text.Json;
using Forewarn.Contracts;

namespace Forewarn.Ingestion.Tests;

/// <summary>Alerts, from bytes to what is published: whatever is taken can be written and is within bounds.</summary>
sealed class AlertTarget : IFuzzTarget
{
    const long Received = 1_800_000_000_000;

    readonly AlertOptions _options = new();

    public string Name => "alerts";

    public IReadOnlyList<byte[]> Corpus { get; } =
    [
        """[{"labels":{"alertname":"Down","instance":"web-1:9100","severity":"page"},"annotations":{"summary":"web-1 is down"},"startsAt":"2027-01-15T08:00:00.123Z","endsAt":"2027-01-15T08:04:00Z","generatorURL":"http://p/graph"}]"""u8.ToArray(),
        """{"version":"4","groupKey":"{}:{}","status":"resolved","alerts":[{"status":"resolved","labels":{"alertname":"A","job":"j"},"annotations":{},"startsAt":"2027-01-15T07:00:00+02:00","endsAt":"0001-01-01T00:00:00Z","fingerprint":"1a30ba71cca2921f"}],"truncatedAlerts":0}"""u8.ToArray(),
        """[{"labels":{"a":"1","ä":"\u0000"}},{"labels":{"a":""}},{}]"""u8.ToArray(),
    ];

    public IReadOnlyList<byte[]> Tokens { get; } =
        [.. new[] { "{", "}", "[", "]", ",", ":", "\"labels\"", "\"annotations\"", "\"alerts\"", "\"status\"", "\"firing\"", "\"startsAt\"", "\"9999-12-31T23:59:59Z\"", "null", "\\ud800", "[[" }.Select(Encoding.UTF8.GetBytes)];

    public void Run(ReadOnlySpan<byte> input)
    {
        var body = input.ToArray();
        foreach (var form in new[] { AlertForm.Api, AlertForm.Webhook })
        {
            foreach (var alert in AlertReader.Read(body, form, Received).Alerts)
            {
                var detection = AlertDetections.Of(alert, Received, _options);
                JsonSerializer.SerializeToUtf8Bytes(detection, ContractJson.Default.Detection);
                Names.WhyNotEntity(detection.Entity).ShouldBeNull();
                detection.Summary.Length.ShouldBeLessThanOrEqualTo(AlertDetections.MaxSummary);
                detection.Since.ShouldBeInRange(0, Received);
                detection.HoldsUntil!.Value.ShouldBeInRange(Received, Received + (31L * 24 * 3_600_000));
                detection.Labels.Count.ShouldBeLessThanOrEqualTo(EntityCard.MostAttributes);
            }
        }
    }
}
