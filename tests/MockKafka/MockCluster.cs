using System.Runtime.InteropServices;

namespace Forewarn.Testing.MockKafka;

/// <summary>
/// librdkafka's broker for tests: one broker on a port of its own on loopback, in memory, without security. It speaks the
/// protocol of produce, fetch and consumer groups; topics that are asked for come into being with four partitions.
/// </summary>
sealed class MockCluster : IDisposable
{
    const int Broker = 1;

    readonly nint _client;
    readonly nint _cluster;

    public MockCluster()
    {
        var error = new byte[512];
        _client = Rdkafka.rd_kafka_new(Rdkafka.Producer, Rdkafka.rd_kafka_conf_new(), error, (nuint)error.Length);
        if (_client == 0)
        {
            throw new InvalidOperationException("librdkafka does not start: " + System.Text.Encoding.UTF8.GetString(error).TrimEnd('\0'));
        }

        _cluster = Rdkafka.rd_kafka_mock_cluster_new(_client, 1);
        // Administration is not offered. With a controller clients are told so at once; without one they wait for it.
        Rdkafka.rd_kafka_mock_set_controller_id(_cluster, Broker);
        // A real broker waits for more members before the first assignment; tests need not.
        Rdkafka.rd_kafka_mock_group_initial_rebalance_delay_ms(_cluster, 0);
        BootstrapServers = Marshal.PtrToStringUTF8(Rdkafka.rd_kafka_mock_cluster_bootstraps(_cluster))!;
    }

    public string BootstrapServers { get; }

    /// <summary>Closes all connections and accepts none.</summary>
    public void SetDown() => Check(Rdkafka.rd_kafka_mock_broker_set_down(_cluster, Broker));

    public void SetUp() => Check(Rdkafka.rd_kafka_mock_broker_set_up(_cluster, Broker));

    /// <summary>The port clients are told: that of a proxy in front of the broker.</summary>
    public void Advertise(int port) => Rdkafka.rd_kafka_mock_broker_set_host_port(_cluster, Broker, "127.0.0.1", port);

    public void CreateTopic(string name, int partitions) => Check(Rdkafka.rd_kafka_mock_topic_create(_cluster, name, partitions, 1));

    public void Dispose()
    {
        Rdkafka.rd_kafka_mock_cluster_destroy(_cluster);
        Rdkafka.rd_kafka_destroy(_client);
    }

    static void Check(int error)
    {
        if (error != 0)
        {
            throw new InvalidOperationException($"librdkafka's mock broker answers with error {error}");
        }
    }
}
