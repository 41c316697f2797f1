using System.Text;

namespace Forewarn.Ingestion;

/// <summary>A file system that lies on a disk of this machine.</summary>
readonly record struct Mount(string Device, string Path);

/// <summary><c>/proc/self/mounts</c>: the real file systems. Network mounts are left out: asking a lost server for its space blocks.</summary>
static class Mounts
{
    static readonly HashSet<string> _local = new(StringComparer.Ordinal)
    {
        "ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "bcachefs", "jfs", "reiserfs", "ntfs3", "exfat",
    };

    /// <summary>One mount per device, the shortest path of each; ascending by path.</summary>
    public static List<Mount> Parse(ReadOnlySpan<byte> text)
    {
        var shortest = new Dictionary<string, Mount>(StringComparer.Ordinal);
        var lines = new ProcLines(text);
        while (lines.MoveNext())
        {
            var fields = new ProcFields(lines.Current);
            var (device, path, type) = (Text(fields.Next()), Unescape(Text(fields.Next())), Text(fields.Next()));
            // In a container the root is an overlay on a disk that nothing else shows.
            if (!_local.Contains(type) && !(type == "overlay" && path == "/"))
                continue;
            if (!shortest.TryGetValue(device, out var known) || path.Length < known.Path.Length)
                shortest[device] = new Mount(device, path);
        }
        var mounts = shortest.Values.ToList();
        mounts.Sort(static (a, b) => string.CompareOrdinal(a.Path, b.Path));
        return mounts;
    }

    static string Text(ReadOnlySpan<byte> field) => Encoding.UTF8.GetString(field);

    /// <summary>The kernel writes blank, tab, newline and backslash as three octal digits.</summary>
    static string Unescape(string path) => path
        .Replace("\\040", " ", StringComparison.Ordinal)
        .Replace("\\011", "\t", StringComparison.Ordinal)
        .Replace("\\012", "\n", StringComparison.Ordinal)
        .Replace("\\134", "\\", StringComparison.Ordinal);
}
