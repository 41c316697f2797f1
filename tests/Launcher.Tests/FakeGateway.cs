using System.Collections.Concurrent;
using System.Net;
using System.Text;
using DevSidecar;

namespace Forewarn.Launcher.Tests;

/// <summary>Answers what it was told to; 404 to all else.</summary>
sealed class FakeGateway : IDisposable
{
    readonly HttpListener _listener = new();
    readonly Dictionary<string, (int Status, string Body)> _answers = new(StringComparer.Ordinal);

    public FakeGateway()
    {
        Address = $"http://127.0.0.1:{FreePorts.Next()}/";
        _listener.Prefixes.Add(Address);
        _listener.Start();
        _ = ServeAsync();
    }

    public string Address { get; }

    /// <summary>What was sent to it.</summary>
    public ConcurrentBag<string> Bodies { get; } = [];

    public void Answer(string request, int status, string body) => _answers[request] = (status, body);

    /// <summary>As <see cref="Answer"/>, but the connection ends before the answer does.</summary>
    public void BreakOff(string request, string body) => _answers[request] = (0, body);

    public void Dispose() => ((IDisposable)_listener).Dispose();

    async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                using var reader = new StreamReader(context.Request.InputStream);
                Bodies.Add(await reader.ReadToEndAsync());
                var (status, body) = _answers.GetValueOrDefault($"{context.Request.HttpMethod} {context.Request.RawUrl}", (404, "{}"));
                context.Response.StatusCode = status == 0 ? 200 : status;
                if (context.Request.RawUrl!.StartsWith("/api/export", StringComparison.Ordinal))
                    context.Response.AddHeader("Content-Disposition", "attachment; filename=\"forewarn-samples.csv\"");
                if (status == 0)
                    context.Response.ContentLength64 = Encoding.UTF8.GetByteCount(body) + 1;
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
                if (status == 0)
                    context.Response.Abort();
                else
                    context.Response.Close();
            }
        }
        catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
