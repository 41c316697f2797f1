using Forewarn.Contracts;

namespace Forewarn.Simulator;

/// <summary>Sends to any receiver of OpenTelemetry's protocol over HTTP, binary: https://opentelemetry.io/docs/specs/otlp/#otlphttp.</summary>
sealed class OtlpSender(HttpClient http, TimeProvider time) : IMetricSender
{
    readonly HttpDoor _door = new(http, "v1/metrics", "application/x-protobuf", static status => OtlpMetrics.StatusMessage(status), time);

    public string Target => $"{http.BaseAddress}v1/metrics";

    public async Task SendAsync(IReadOnlyList<ExternalBatch> batches, CancellationToken cancellationToken)
    {
        var answer = await _door.PostAsync(OtlpMetrics.Request(batches), cancellationToken);
        if (OtlpMetrics.Rejected(answer) is { } rejected)
            throw new SendingException($"{http.BaseAddress} refuses a part of what is sent: {rejected}");
    }

    public void Dispose() => http.Dispose();
}
