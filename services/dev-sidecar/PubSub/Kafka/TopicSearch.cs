using DevSidecar.DurableLog;

namespace DevSidecar.PubSub.Kafka;

/// <summary>Looks for the topics of a group until all are there. Those that cannot be had yet do not hold up the others.</summary>
sealed class TopicSearch
{
    readonly KafkaConnection _connection;
    readonly KafkaGroup _group;
    readonly TimeProvider _time;
    readonly ILogger _logger;
    readonly CancellationToken _stop;
    volatile IReadOnlyList<string> _found = [];

    public TopicSearch(
        KafkaConnection connection, KafkaGroup group, IReadOnlyCollection<string> topics, TimeProvider time, ILogger logger, CancellationToken stop)
    {
        (_connection, _group, _time, _logger, _stop) = (connection, group, time, logger, stop);
        Ended = Task.Run(() => RunAsync([.. topics]), CancellationToken.None);
    }

    public Task Ended { get; }

    /// <summary>The topics that exist. A longer list replaces this one when more are found.</summary>
    public IReadOnlyList<string> Found => _found;

    async Task RunAsync(List<string> missing)
    {
        try
        {
            while (true)
            {
                var found = new List<string>();
                foreach (var topic in missing)
                {
                    if (await ExistsAsync(topic))
                    {
                        found.Add(topic);
                    }
                }

                missing.RemoveAll(found.Contains);
                _found = [.. _found, .. found];
                if (missing.Count == 0)
                {
                    return;
                }

                await Task.Delay(_connection.Settings.RetryPause, _time, _stop);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // This replica leaves.
        }
    }

    async Task<bool> ExistsAsync(string topic)
    {
        try
        {
            return await _connection.Topics.PartitionsAsync(topic, _stop) > 0;
        }
        catch (LogUnavailableException e)
        {
            Log.KafkaTopicMissing(_logger, _group.Name, e.Message);
            return false;
        }
    }
}
