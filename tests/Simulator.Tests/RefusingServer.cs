using System.Net.Sockets;
using System.Text;

namespace Forewarn.Simulator.Tests;

/// <summary>Answers one request with a problem.</summary>
sealed class RefusingServer : IDisposable
{
    readonly TcpListener _listener;
    readonly Task _answer;

    public RefusingServer(TcpListener listener)
    {
        _listener = listener;
        _answer = Task.Run(AnswerAsync, TestContext.Current.CancellationToken);
    }

    async Task AnswerAsync()
    {
        using var client = await _listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        var buffer = new byte[64 * 1024];
        _ = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken);
        const string Problem = """{"status":400,"field":"$.entity","reason":"is not welcome"}""";
        var answer = $"HTTP/1.1 400 Bad Request\r\nContent-Type: application/problem+json\r\nContent-Length: {Problem.Length}\r\nConnection: close\r\n\r\n{Problem}";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _ = _answer.Exception;
    }
}
