using System.Net.Http.Headers;

namespace Forewarn.Simulator;

enum DoorKind
{
    Json,
    Otlp,
    Kafka,
}

/// <summary>Which way metrics go.</summary>
/// <param name="Address">An http address, or Kafka's brokers.</param>
/// <param name="Key">What the doors ask for beyond loopback.</param>
sealed record Door(DoorKind Kind, string Address, string? Key = null)
{
    static readonly TimeSpan _timeout = TimeSpan.FromSeconds(10);

    public IMetricSender Open(TimeProvider time) => Kind switch
    {
        DoorKind.Otlp => new OtlpSender(Http(), time),
        DoorKind.Kafka => new KafkaSender(Address),
        _ => new JsonSender(Http(), time),
    };

    HttpClient Http()
    {
        var http = new HttpClient { BaseAddress = new Uri(Address), Timeout = _timeout };
        if (Key is { Length: > 0 })
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        return http;
    }
}
