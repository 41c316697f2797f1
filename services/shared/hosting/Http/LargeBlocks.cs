using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace Forewarn.Hosting;

/// <summary>
/// Memory into which Kestrel reads: a delivery of half a megabyte takes a system call per block, and two while the socket is
/// waited for, so blocks are larger than its own of 4 KiB. A connection that waits for data holds none.
/// </summary>
sealed class LargeBlocks : MemoryPool<byte>, IMemoryPoolFactory<byte>
{
    /// <summary>Below what the collector no longer moves.</summary>
    const int BlockBytes = 64 * 1024;

    public override int MaxBufferSize => Shared.MaxBufferSize;

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => this;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => Shared.Rent(Math.Max(minBufferSize, BlockBytes));

    protected override void Dispose(bool disposing)
    {
        // The shared pool outlives every server.
    }
}
