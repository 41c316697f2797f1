using System.Text.Json;
using Forewarn.Contracts;

namespace Forewarn.Simulator;

/// <summary>Sends to ingestion's JSON door.</summary>
sealed class JsonSender(HttpClient http, TimeProvider time) : IMetricSender
{
    readonly HttpDoor _door = new(http, "v1/metrics/json", "application/json", Reason, time);

    public string Target => $"{http.BaseAddress}";

    public Task SendAsync(IReadOnlyList<ExternalBatch> batches, CancellationToken cancellationToken) =>
        _door.PostAsync(JsonSerializer.SerializeToUtf8Bytes([.. batches], ContractJson.Default.ExternalBatchArray), cancellationToken);

    public void Dispose() => http.Dispose();

    static string? Reason(byte[] problem)
    {
        try
        {
            using var json = JsonDocument.Parse(problem);
            return $"{json.RootElement.GetProperty("field").GetString()} {json.RootElement.GetProperty("reason").GetString()}";
        }
        catch (Exception plain) when (plain is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
