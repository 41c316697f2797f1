using System.Buffers.Binary;
using System.Text;

namespace Forewarn.Compliance;

/// <summary>The requests before a connection's login, as a broker with SASL PLAIN answers them: https://kafka.apache.org/protocol.</summary>
sealed class SaslGate(Stream client, Stream broker, CancellationToken stop)
{
    const short SaslHandshake = 17;
    const short ApiVersions = 18;
    const short SaslAuthenticate = 36;
    const short AuthenticationFailed = 58;

    /// <summary>True when the client has logged in; false when it showed something else.</summary>
    public async Task<bool> PassAsync(string user, string password)
    {
        while (true)
        {
            var request = await FrameAsync(client);
            switch (BinaryPrimitives.ReadInt16BigEndian(request))
            {
                case ApiVersions:
                    await SendAsync(broker, request);
                    await SendAsync(client, WithSasl(await FrameAsync(broker)));
                    break;
                case SaslHandshake:
                    await AnswerAsync(request, [0, 0, 0, 0, 0, 1, 0, 5, .. "PLAIN"u8]);
                    break;
                case SaslAuthenticate when Encoding.UTF8.GetString(request).EndsWith($"\0{user}\0{password}", StringComparison.Ordinal):
                    await AnswerAsync(request, [0, 0, 0xFF, 0xFF, 0, 0, 0, 0]);
                    return true;
                default:
                    await AnswerAsync(request, [0, (byte)AuthenticationFailed, 0, 2, .. "no"u8, 0, 0, 0, 0]);
                    return false;
            }
        }
    }

    /// <summary>A version list (correlation id, error, count, entries) with these two requests added.</summary>
    static byte[] WithSasl(byte[] answer)
    {
        if (BinaryPrimitives.ReadInt16BigEndian(answer.AsSpan(4)) != 0)
        {
            return answer;
        }

        byte[] longer = [.. answer, 0, (byte)SaslHandshake, 0, 0, 0, 1, 0, (byte)SaslAuthenticate, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(longer.AsSpan(6), BinaryPrimitives.ReadInt32BigEndian(answer.AsSpan(6)) + 2);
        return longer;
    }

    Task AnswerAsync(byte[] request, byte[] body) => SendAsync(client, [.. request.AsSpan(4, 4), .. body]);

    async Task SendAsync(Stream stream, byte[] frame)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, frame.Length);
        await stream.WriteAsync((byte[])[.. length, .. frame], stop);
    }

    async Task<byte[]> FrameAsync(Stream stream)
    {
        var length = new byte[4];
        await stream.ReadExactlyAsync(length, stop);
        var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        await stream.ReadExactlyAsync(frame, stop);
        return frame;
    }
}
