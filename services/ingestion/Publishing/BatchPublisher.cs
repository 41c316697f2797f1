using Dapr;
using Forewarn.Contracts;
using Forewarn.Hosting;
using Grpc.Core;

namespace Forewarn.Ingestion;

/// <summary>
/// The one way to <c>metrics.raw</c>: schema first, then numbered messages per entity, all of a call in one bulk request.
/// When it returns null the broker has everything; a refusal means that nothing was sent.
/// </summary>
sealed class BatchPublisher(
    KeyedPublisher publisher, SchemaRegistry schemas, EntityLanes lanes, SidecarEnvironment environment,
    IngestionStats stats, QualityReporter quality, EntityCards cards, TimeProvider time, ILogger<BatchPublisher> logger)
{
    /// <summary>A message stays far below Dapr's 4 MiB even with numbers of 20 digits.</summary>
    const int MaxValuesPerMessage = 20_000;

    static readonly TimeSpan[] _pauses = [TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(400)];
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(4);

    /// <param name="received">When the last of the samples was in hand, unix milliseconds.</param>
    /// <exception cref="UnavailableException">The sidecar or the broker is away; the messages may still have reached it.</exception>
    public async Task<Refusal?> PublishAsync(IReadOnlyList<Submission> submissions, long received, CancellationToken cancellationToken)
    {
        var held = new SortedDictionary<string, EntityLane>(StringComparer.Ordinal);
        for (var i = 0; i < submissions.Count; i++)
        {
            var field = submissions.Count == 1 ? "$" : $"$[{i}]";
            if (lanes.Admit(submissions[i], field, out var lane) is { } refusal)
            {
                quality.Report(Finding.OfLimit(submissions[i].Entity, refusal));
                return refusal;
            }
            held[submissions[i].Entity] = lane;
        }
        try
        {
            foreach (var schema in submissions.Select(submission => submission.Schema).Distinct())
                await schemas.PublishAsync(schema, cancellationToken);
            await SendInTurnAsync(submissions, held, received, cancellationToken);
        }
        catch (Exception outage) when (outage is RpcException or DaprException or HttpRequestException)
        {
            // The SDK wraps what the sidecar said into a sentence that says nothing.
            var cause = outage.GetBaseException() is RpcException rpc ? rpc.Status.Detail : outage.GetBaseException().Message;
            stats.Failed(cause);
            throw new UnavailableException(cause, outage);
        }
        foreach (var submission in submissions)
        {
            stats.Accepted(submission.Source, submission.CountSamples());
            if (submission.Attributes is { } attributes)
                cards.Say(submission.Entity, attributes);
        }
        return null;
    }

    async Task SendInTurnAsync(
        IReadOnlyList<Submission> submissions, SortedDictionary<string, EntityLane> held, long received, CancellationToken cancellationToken)
    {
        var entered = new List<EntityLane>(held.Count);
        try
        {
            // Always in the same order, so that two calls never wait for each other.
            foreach (var lane in held.Values)
            {
                await lane.EnterAsync(cancellationToken);
                entered.Add(lane);
            }
            var messages = new List<Outgoing<MetricBatch>>(submissions.Count);
            foreach (var submission in submissions)
                Number(submission, held[submission.Entity], received, messages);
            await SendAsync(messages);
            foreach (var lane in entered)
                lane.Keep();
            foreach (var finding in submissions.SelectMany(submission => held[submission.Entity].Look(submission, received)))
                quality.Report(finding);
        }
        finally
        {
            foreach (var lane in entered)
            {
                lane.Undo();
                lane.Leave();
            }
        }
    }

    void Number(Submission submission, EntityLane lane, long received, List<Outgoing<MetricBatch>> messages)
    {
        var rowsPerMessage = Math.Max(1, MaxValuesPerMessage / Math.Max(1, submission.Schema.Columns.Count));
        foreach (var rows in lane.Convert(submission).Chunk(rowsPerMessage))
        {
            var batch = new MetricBatch
            {
                Entity = submission.Entity,
                Producer = environment.Producer,
                Seq = lane.Take(),
                Schema = submission.Schema.Hash,
                Source = submission.Source,
                Stamps = new Stamps { Received = received },
                Rows = rows,
            };
            messages.Add(new(batch.Entity, $"{batch.Producer}/{batch.Entity}/{batch.Seq}", batch));
        }
    }

    /// <summary>Once numbered, messages are sent whatever the caller does: a number given up is a gap for every consumer.</summary>
    async Task SendAsync(List<Outgoing<MetricBatch>> messages)
    {
        using var patience = new CancellationTokenSource(_patience, time);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await publisher.PublishAsync(Components.Telemetry, Topics.MetricsRaw, messages, ContractJson.Default.MetricBatch, patience.Token);
                return;
            }
            catch (RpcException outage) when (attempt < _pauses.Length && !patience.IsCancellationRequested)
            {
                Log.PublishRepeated(logger, messages.Count, outage.Status.Detail);
                await Task.Delay(_pauses[attempt], time, CancellationToken.None);
            }
        }
    }
}

/// <summary>The broker is away; whoever has the samples should keep them and try again.</summary>
sealed class UnavailableException(string message, Exception cause) : Exception(message, cause);
