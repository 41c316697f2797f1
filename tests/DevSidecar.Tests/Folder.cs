using DevSidecar.DurableLog;
using Microsoft.Extensions.Logging.Abstractions;

namespace DevSidecar.Tests;

/// <summary>A temporary folder and the logs opened in it.</summary>
sealed class Folder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("dev-sidecar").FullName;

    public EmbeddedLog Open(TimeProvider? time = null, int partitions = 4, long retentionBytes = 1 << 30, long tailBytes = 1 << 24, string name = "log.db") => new(
        new()
        {
            File = System.IO.Path.Combine(Path, name),
            Partitions = partitions,
            RetentionBytes = retentionBytes,
            TailBytes = tailBytes,
            PositionFlush = TimeSpan.FromMilliseconds(1),
        },
        time ?? TimeProvider.System, NullLogger.Instance);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

static class Records
{
    public static NewRecord Of(int partition, string text, string? key = null) =>
        new(partition, key, [KeyValuePair.Create("h", "v")], System.Text.Encoding.UTF8.GetBytes(text));

    public static string Text(this LogRecord record) => System.Text.Encoding.UTF8.GetString(record.Value.Span);
}

static class Eventually
{
    public static async Task TrueAsync(Func<bool> condition, string what)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            if (limit.IsCancellationRequested)
            {
                throw new ShouldAssertException("within 30 s: " + what);
            }

            await Task.Delay(5, CancellationToken.None);
        }
    }
}
