using System.Text;

namespace Forewarn.Launcher.Platform;

/// <summary>A log file of bounded size: when full it becomes <c>NAME.1</c>, whose former content is dropped.</summary>
sealed class LogFile : IDisposable
{
    readonly Lock _gate = new();
    readonly string _path;
    readonly long _maxBytes;
    readonly Queue<string> _tail = new();
    StreamWriter _writer;
    long _bytes;
    bool _closed;

    /// <param name="maxBytes">Size at which it is turned over; two files are kept, so twice this is what it may take.</param>
    public LogFile(string path, long maxBytes = 8 * 1024 * 1024)
    {
        _path = path;
        _maxBytes = maxBytes;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _writer = Open();
    }

    public string FullName => _path;

    public void Write(string line)
    {
        lock (_gate)
        {
            if (_closed)
                return;
            if (_bytes > _maxBytes)
                TurnOver();
            _writer.WriteLine(line);
            _bytes += Encoding.UTF8.GetByteCount(line) + 1;
            _tail.Enqueue(line);
            if (_tail.Count > 40)
                _tail.Dequeue();
        }
    }

    /// <summary>The newest lines, oldest first.</summary>
    public IReadOnlyList<string> Tail(int count)
    {
        lock (_gate)
            return [.. _tail.TakeLast(count)];
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            _writer.Dispose();
        }
    }

    void TurnOver()
    {
        _writer.Dispose();
        File.Move(_path, _path + ".1", overwrite: true);
        _writer = Open();
    }

    StreamWriter Open()
    {
        var stream = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        _bytes = stream.Length;
        return new StreamWriter(stream, new UTF8Encoding(false)) { AutoFlush = true };
    }
}
