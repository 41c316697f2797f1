using Google.Protobuf;
using Grpc.Core;

namespace DevSidecar.Api.Grpc;

/// <summary>Reads from and writes to the transport's own buffers, as generated code does.</summary>
static class ProtoMarshaller
{
    public static Marshaller<T> For<T>()
        where T : class, IMessage<T>, new()
    {
        var parser = new MessageParser<T>(static () => new());
        return Marshallers.Create<T>(
            static (message, context) =>
            {
                context.SetPayloadLength(message.CalculateSize());
                message.WriteTo(context.GetBufferWriter());
                context.Complete();
            },
            context => parser.ParseFrom(context.PayloadAsReadOnlySequence()));
    }
}
