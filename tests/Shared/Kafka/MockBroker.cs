using System.Diagnostics;

namespace Forewarn.Testing;

/// <summary>librdkafka's mock broker in a process of its own. The test project refers to <c>MockKafka</c>, so that it lies beside it.</summary>
public sealed class MockBroker : IAsyncDisposable
{
    readonly Process _process;

    MockBroker(Process process, string address)
    {
        _process = process;
        Address = address;
    }

    /// <summary><c>host:port</c>.</summary>
    public string Address { get; }

    public static async Task<MockBroker> StartAsync()
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Forewarn.MockKafka.dll")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        return new MockBroker(process, await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the mock broker ended at its start"));
    }

    public async Task CreateTopicAsync(string topic, int partitions)
    {
        await _process.StandardInput.WriteLineAsync($"topic {topic} {partitions}");
        if (await _process.StandardOutput.ReadLineAsync() is not "ok" and var answer)
            throw new InvalidOperationException($"the mock broker does not make {topic}: {answer}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
