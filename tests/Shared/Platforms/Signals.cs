using System.Runtime.InteropServices;

namespace Forewarn.Testing;

/// <summary>POSIX signals to processes these tests started.</summary>
public static partial class Signals
{
    public const int Kill = 9;
    public const int Terminate = 15;

    public static void Send(int pid, int signal) => _ = kill(pid, signal);

    public static bool IsAlive(int pid)
    {
        if (kill(pid, 0) != 0)
            return false;
        // A killed child stays as a zombie until its parent has asked for its exit code.
        var stat = File.Exists($"/proc/{pid}/stat") ? File.ReadAllText($"/proc/{pid}/stat") : "";
        return stat.Length > 0 && stat[(stat.LastIndexOf(')') + 2)..][0] != 'Z';
    }

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int kill(int pid, int signal);
}
