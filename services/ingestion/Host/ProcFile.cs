using Microsoft.Win32.SafeHandles;

namespace Forewarn.Ingestion;

/// <summary>A file under /proc that stays open; reading it from the start gives its present content.</summary>
sealed class ProcFile : IDisposable
{
    const int MaxBytes = 8 * 1024 * 1024;

    readonly SafeFileHandle? _handle;
    byte[] _buffer = new byte[4096];

    ProcFile(SafeFileHandle? handle) => _handle = handle;

    /// <exception cref="IOException">It cannot be read.</exception>
    public static ProcFile Open(string path) => new(File.OpenHandle(path));

    /// <summary>An absent file reads as empty.</summary>
    public static ProcFile OpenIfPresent(string path)
    {
        try
        {
            return Open(path);
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            return new ProcFile(null);
        }
    }

    /// <summary>The content, valid until the next call.</summary>
    public ReadOnlySpan<byte> Read()
    {
        if (_handle is null)
            return default;
        var length = 0;
        while (RandomAccess.Read(_handle, _buffer.AsSpan(length), length) is > 0 and var read)
        {
            length += read;
            if (length < _buffer.Length)
                continue;
            if (length >= MaxBytes)
                throw new IOException($"A /proc file is larger than {MaxBytes} bytes.");
            Array.Resize(ref _buffer, length * 2);
        }
        return _buffer.AsSpan(0, length);
    }

    public void Dispose() => _handle?.Dispose();
}
