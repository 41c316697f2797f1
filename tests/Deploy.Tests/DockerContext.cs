using System.Text.RegularExpressions;

namespace Forewarn.Deploy.Tests;

/// <summary>What Docker would send of the checkout: .dockerignore, of whose patterns the last that fits a path or a folder above it decides.</summary>
sealed class DockerContext
{
    readonly List<(Regex Pattern, string Text, bool Keep)> _rules;

    public DockerContext(IEnumerable<string> lines) =>
        _rules = [.. lines.Select(line => line.Trim()).Where(line => line.Length > 0 && !line.StartsWith('#')).Select(Rule)];

    public static DockerContext Load() => new(File.ReadLines(Path.Combine(Checkout.Root, ".dockerignore")));

    /// <param name="path">Relative to the context, with slashes.</param>
    public bool Takes(string path)
    {
        var parts = path.Split('/');
        var paths = Enumerable.Range(1, parts.Length).Select(count => string.Join('/', parts.Take(count))).ToList();
        return _rules.LastOrDefault(rule => paths.Any(one => rule.Pattern.IsMatch(one))) is not { Pattern: not null, Keep: false };
    }

    /// <summary>Copies everything that is taken; returns the paths.</summary>
    public List<string> CopyTo(string target)
    {
        var taken = new List<string>();
        Copy("", taken, target);
        return taken;
    }

    void Copy(string folder, List<string> taken, string target)
    {
        foreach (var entry in new DirectoryInfo(Path.Combine(Checkout.Root, folder)).EnumerateFileSystemInfos())
        {
            var path = folder.Length == 0 ? entry.Name : $"{folder}/{entry.Name}";
            if (entry is DirectoryInfo)
            {
                if (Takes(path) || _rules.Any(rule => rule.Keep && rule.Text.StartsWith($"{path}/", StringComparison.Ordinal)))
                    Copy(path, taken, target);
            }
            else if (Takes(path))
            {
                var copy = Path.Combine(target, path);
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(entry.FullName, copy);
                taken.Add(path);
            }
        }
    }

    static (Regex Pattern, string Text, bool Keep) Rule(string line)
    {
        var (keep, text) = line.StartsWith('!') ? (true, line[1..]) : (false, line);
        text = text.Trim('/');
        var pattern = Regex.Escape(text).Replace(@"\*\*/", "(.*/)?", StringComparison.Ordinal).Replace(@"\*", "[^/]*", StringComparison.Ordinal).Replace(@"\?", "[^/]", StringComparison.Ordinal);
        return (new Regex($"^{pattern}$", RegexOptions.None, TimeSpan.FromSeconds(1)), text, keep);
    }
}
