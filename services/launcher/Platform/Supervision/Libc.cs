using System.Runtime.InteropServices;

namespace Forewarn.Launcher.Platform;

/// <summary>The few system calls that .NET does not offer.</summary>
static partial class Libc
{
    public const int SigInt = 2;
    public const int SigKill = 9;
    public const int SigTerm = 15;

    /// <summary>Sends a signal; false when there is no such process any more or it is not ours. A negative pid means its group.</summary>
    public static bool Kill(int pid, int signal) => kill(pid, signal) == 0;

    public static bool IsRoot => !OperatingSystem.IsWindows() && geteuid() == 0;

    public static uint EffectiveUser => OperatingSystem.IsWindows() ? 0 : geteuid();

    /// <exception cref="IOException">The owner cannot be changed.</exception>
    public static void ChangeOwner(string path, uint user, uint group)
    {
        if (lchown(path, user, group) != 0)
            throw new IOException($"The owner of {path} cannot be changed: {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int lchown(string path, uint user, uint group);
}
