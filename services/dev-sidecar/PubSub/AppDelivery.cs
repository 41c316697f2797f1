using System.Net.Http.Headers;
using System.Text.Json;
using DevSidecar.Apps;
using DevSidecar.DurableLog;
using DevSidecar.Resiliency;

namespace DevSidecar.PubSub;

/// <summary>What the app made of one message.</summary>
enum Verdict
{
    Success,
    Retry,
    Drop,
}

/// <summary>The app's process is gone; what was in flight is unknown and must be delivered again, to whoever is left.</summary>
sealed class AppGoneException : OperationCanceledException;

/// <summary>Carries messages of one subscription to the app: expiry, routing, posting, policies, dead letters (dapr.md 2.3 to 2.6, 5.6).</summary>
sealed class AppDelivery(
    AppSubscription subscription, PubSubComponent component, string appId, IAppPort app, Guard guard, Telemetry telemetry, TimeProvider time, ILogger logger)
{
    /// <summary>Done (true) or to be retried by the component (false), per record.</summary>
    public async Task<IReadOnlyList<bool>> DeliverAsync(
        Topic topic, IReadOnlyList<(int Partition, LogRecord Record)> records, CancellationToken cancellationToken)
    {
        var messages = new Message[records.Count];
        for (var i = 0; i < records.Count; i++)
        {
            messages[i] = await PrepareAsync(topic, records[i].Partition, records[i].Record);
        }

        foreach (var byPath in messages.Where(m => m.State == MessageState.Open).GroupBy(m => m.Path!, StringComparer.Ordinal))
        {
            await PostWithPolicyAsync(byPath.Key, [.. byPath], cancellationToken);
        }

        return Array.ConvertAll(messages, m => m.State == MessageState.Done);
    }

    async Task<Message> PrepareAsync(Topic topic, int partition, LogRecord record)
    {
        var message = new Message(topic.Name, partition, record);
        if (subscription.RawPayload)
        {
            message.Event = subscription.Bulk
                ? record.Value
                : CloudEvents.WrapRaw(record.Value.Span, component.Name, topic.Name, appId, time.GetLocalNow());
            message.Path = subscription.DefaultPath ?? subscription.Rules[0].Path;
            return message;
        }

        message.Event = record.Value;
        var own = record.Header("rawPayload") is null;
        EnvelopeFields fields = default;
        if ((!own || !subscription.Bulk || record.Header("ttlInSeconds") is not null) && !EnvelopeFields.TryRead(record.Value.Span, out fields))
        {
            Log.NotACloudEvent(logger, component.Name, topic.Name, record.Offset);
            await FailAsync(message);
            return message;
        }

        message.TraceParent = fields.TraceParent;
        if (fields.Expiration is { } expiration && expiration < time.GetUtcNow())
        {
            await DropAsync(message, "it has expired");
            return message;
        }

        message.Path = Route(record.Value);
        if (message.Path is null)
        {
            await DropAsync(message, "no route matches");
        }

        return message;
    }

    string? Route(ReadOnlyMemory<byte> envelope)
    {
        if (subscription.Rules.Count == 0)
        {
            return subscription.DefaultPath;
        }

        using var document = JsonDocument.Parse(envelope);
        foreach (var rule in subscription.Rules)
        {
            if (rule.Applies(document.RootElement))
            {
                return rule.Path;
            }
        }

        return subscription.DefaultPath;
    }

    async Task PostWithPolicyAsync(string path, Message[] messages, CancellationToken cancellationToken)
    {
        var open = messages;
        var unreachable = false;
        try
        {
            await guard.RunAsync(
                async token =>
                {
                    (unreachable, var outcome) = await PostAsync(path, open, token, cancellationToken);
                    foreach (var dropped in open.Where(m => m.Verdict == Verdict.Drop))
                    {
                        await DropAsync(dropped, "the app said DROP or has no such route");
                    }

                    open = [.. open.Where(m => m.State == MessageState.Open && m.Verdict == Verdict.Retry)];
                    return open.Length == 0 ? Outcome.Success : outcome;
                },
                static outcome => outcome, static _ => Outcome.Final, cancellationToken);
        }
        catch (TimeoutException e)
        {
            Log.DeliveryFailed(logger, appId, path, e.Message);
        }
        catch (CircuitOpenException e)
        {
            unreachable = true;
            Log.DeliveryFailed(logger, appId, path, e.Message);
        }

        if (unreachable)
        {
            // Nobody refused the message: it waits with the component's back-off instead of becoming a dead letter.
            Array.ForEach(open, m => m.State = MessageState.Retry);
            return;
        }

        foreach (var failed in open)
        {
            await FailAsync(failed);
        }
    }

    /// <summary>One attempt, within <paramref name="attempt"/>; sets the verdicts. Says whether the app could not be reached.</summary>
    async Task<(bool Unreachable, Outcome Outcome)> PostAsync(string path, Message[] messages, CancellationToken attempt, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        Array.ForEach(messages, m => m.Verdict = Verdict.Retry);
        try
        {
            using var request = subscription.Bulk ? BulkRequest(path, messages) : SingleRequest(path, messages[0]);
            using var response = await app.Channel.SendAsync(request, path, attempt);
            var body = await response.Content.ReadAsByteArrayAsync(attempt);
            var status = (int)response.StatusCode;
            AppAnswer.Apply(status, body, subscription.Bulk, messages);
            return (false, status is >= 200 and < 300 ? Outcome.Failure : Outcome.HttpFailure(status));
        }
        catch (HttpRequestException e)
        {
            if (!await app.IsAliveAsync(cancellationToken))
            {
                throw new AppGoneException();
            }

            Log.DeliveryFailed(logger, appId, path, e.Message);
            return (true, Outcome.Failure);
        }
        finally
        {
            foreach (var message in messages.Where(m => m.Verdict == Verdict.Success))
            {
                message.State = MessageState.Done;
            }

            telemetry.Delivered(component.Name, subscription.Topic, subscription.Bulk, messages, time.GetElapsedTime(started));
        }
    }

    HttpRequestMessage SingleRequest(string path, Message message)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, app.Channel.Origin + path) { Content = new ReadOnlyMemoryContent(message.Event) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(CloudEvents.JsonContentType);
        foreach (var (name, value) in message.Metadata())
        {
            MetadataHeaders.Set(request, name, value);
        }

        MetadataHeaders.Set(request, "pubsubName", component.Name);
        if (message.TraceParent is { } parent)
        {
            MetadataHeaders.Set(request, "traceparent", parent);
        }

        return request;
    }

    HttpRequestMessage BulkRequest(string path, Message[] messages)
    {
        var body = BulkPayload.Content(component.Name, subscription.Topic, subscription.RawPayload, messages);
        var request = new HttpRequestMessage(HttpMethod.Post, app.Channel.Origin + path) { Content = body };
        request.Headers.TryAddWithoutValidation("pubsubName", component.Name);
        return request;
    }

    async Task DropAsync(Message message, string reason)
    {
        if (subscription.DeadLetterTopic is null)
        {
            Log.MessageDropped(logger, appId, subscription.Topic, message.Record.Offset, reason);
            message.State = MessageState.Done;
            return;
        }

        await FailAsync(message);
    }

    /// <summary>To the dead letter topic when there is one, with the original bytes; else back to the component.</summary>
    async Task FailAsync(Message message)
    {
        message.State = MessageState.Retry;
        if (subscription.DeadLetterTopic is not { } deadLetters)
        {
            return;
        }

        try
        {
            var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var header in message.Record.Headers)
            {
                metadata[header.Key] = header.Value;
            }

            if (message.Record.Key is { } key)
            {
                metadata["partitionKey"] = key;
            }

            await component.Broker.PublishAsync(deadLetters, [new(message.Record.Value, metadata)], CancellationToken.None);
            Log.DeadLettered(logger, appId, subscription.Topic, message.Record.Offset, deadLetters);
            message.State = MessageState.Done;
        }
        catch (LogUnavailableException e)
        {
            Log.DeadLetterFailed(logger, deadLetters, e.Message);
        }
    }
}
