using System.Globalization;
using System.Net.Sockets;

namespace Forewarn.Launcher.Doctor;

/// <summary>Something that should listen.</summary>
sealed record Endpoint(string Host, int Port)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary><c>host:port</c>; null when the text is something else.</summary>
    public static Endpoint? TryParse(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0 && int.TryParse(text.AsSpan(colon + 1), CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535
            ? new Endpoint(text[..colon].Trim('[', ']'), port)
            : null;
    }

    /// <summary>Null when somebody accepts a connection, else one line that says why not.</summary>
    public async Task<string?> NotReachedBecauseAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(Host, Port, limit.Token);
            return null;
        }
        catch (SocketException refused)
        {
            return refused.Message;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return string.Create(CultureInfo.InvariantCulture, $"no answer within {Patience.TotalSeconds} s");
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");
}
