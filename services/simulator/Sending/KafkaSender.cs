using System.Text.Json;
using Confluent.Kafka;
using Forewarn.Contracts;

namespace Forewarn.Simulator;

/// <summary>
/// Sends to the topic <see cref="Topics.MetricsExternal"/>: a message per batch in the JSON door's schema, without an envelope, keyed by
/// its entity so that one entity's samples stay in order. It needs nothing but a broker's address, and shows what any producer has to do.
/// </summary>
sealed class KafkaSender : IMetricSender
{
    readonly IProducer<string, byte[]> _producer;
    readonly string _brokers;

    /// <param name="brokers"><c>host:port</c>, or several with commas.</param>
    public KafkaSender(string brokers)
    {
        _brokers = brokers;
        var config = new ProducerConfig
        {
            BootstrapServers = brokers,
            ClientId = "forewarn-simulator",
            Acks = Acks.All,
            LingerMs = 5,
            MessageTimeoutMs = (int)HttpDoor.Patience.TotalMilliseconds,
        };
        // What goes wrong is told by the delivery that fails; librdkafka's own lines would run through the view.
        _producer = new ProducerBuilder<string, byte[]>(config).SetLogHandler(static (_, _) => { }).SetErrorHandler(static (_, _) => { }).Build();
    }

    public string Target => $"{Topics.MetricsExternal} at {_brokers}";

    public async Task SendAsync(IReadOnlyList<ExternalBatch> batches, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(batches.Select(batch => _producer.ProduceAsync(Topics.MetricsExternal, MessageOf(batch), cancellationToken)));
        }
        catch (KafkaException failed)
        {
            throw new SendingException($"{_brokers} does not take metrics: {failed.Error.Reason}. Is it a Kafka broker, and is it up?");
        }
    }

    public void Dispose() => _producer.Dispose();

    static Message<string, byte[]> MessageOf(ExternalBatch batch) =>
        new() { Key = batch.Entity, Value = JsonSerializer.SerializeToUtf8Bytes(batch, ContractJson.Default.ExternalBatch) };
}
