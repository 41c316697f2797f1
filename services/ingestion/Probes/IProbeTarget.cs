using System.Net.Sockets;

namespace Forewarn.Ingestion;

/// <summary>What one attempt found. <paramref name="Status"/> is null where the protocol has none or nothing came.</summary>
readonly record struct ProbeAnswer(bool Success, int? Status);

/// <summary>Something that answers or does not. A failure of the target is an answer, not an exception.</summary>
interface IProbeTarget
{
    /// <summary>Whether <see cref="ProbeAnswer.Status"/> means anything here.</summary>
    bool HasStatus { get; }

    Task<ProbeAnswer> AskAsync(CancellationToken cancellationToken);
}

/// <summary>GET without following redirects; 2xx and 3xx are success.</summary>
sealed class HttpProbeTarget(HttpClient http, Uri url) : IProbeTarget
{
    public bool HasStatus => true;

    public async Task<ProbeAnswer> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var status = (int)response.StatusCode;
            return new(status is >= 200 and < 400, status);
        }
        catch (HttpRequestException)
        {
            return new(false, null);
        }
    }
}

/// <summary>A connection that is closed as soon as it stands.</summary>
sealed class TcpProbeTarget(TcpTarget target) : IProbeTarget
{
    public bool HasStatus => false;

    public async Task<ProbeAnswer> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(target.Host, target.Port, cancellationToken);
            return new(true, null);
        }
        catch (SocketException)
        {
            return new(false, null);
        }
    }
}
