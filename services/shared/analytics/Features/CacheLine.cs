using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Forewarn.Analytics;

/// <summary>
/// Tells the processor what will be read. Between two ticks of a series all others are served, and nothing of it is left
/// in the cache: asked for together, its lines arrive in the time of one. Only a hint, and none on other processors.
/// </summary>
static class CacheLine
{
    /// <param name="value">Read soon, with what lies beside it in 64 bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Expect<T>(ref readonly T value)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.AsRef(in value)));
        }
    }
}
