using DevSidecar.Components;
using DevSidecar.DurableLog;
using DevSidecar.PubSub;

namespace DevSidecar.Bindings;

/// <summary><c>bindings.kafka</c>, output: <c>create</c> writes its data as a record of one topic; request metadata choose key, partition and headers.</summary>
sealed class KafkaOutputBinding(ComponentMetadata metadata, IBroker broker) : IOutputBinding
{
    readonly string _topic = metadata.Required("publishTopic");

    public IReadOnlyList<string> Operations { get; } = ["create"];

    public async Task<BindingAnswer> InvokeAsync(BindingCall call, CancellationToken cancellationToken)
    {
        try
        {
            await broker.PublishAsync(_topic, [new(call.Data, call.Metadata)], cancellationToken);
            return BindingAnswer.Empty;
        }
        catch (LogUnavailableException e)
        {
            throw new BindingException(e.Message, e);
        }
    }
}
