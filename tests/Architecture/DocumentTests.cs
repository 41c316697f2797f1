using System.Text.RegularExpressions;

namespace Forewarn.Architecture;

public sealed partial class DocumentTests
{
    [Fact]
    public void Every_relative_link_in_the_documents_leads_somewhere()
    {
        var broken = from file in Repository.Files(".", "*.md").Where(file => !file.StartsWith("artifacts/", StringComparison.Ordinal))
                     from Match match in Link().Matches(Repository.Read(file))
                     let target = match.Groups["target"].Value.Split('#')[0]
                     where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal)
                     let path = Repository.PathOf(Path.Combine(Path.GetDirectoryName(file) ?? "", target))
                     where !File.Exists(path) && !Directory.Exists(path)
                     select $"{file} -> {target}";
        broken.ShouldBeEmpty();
    }

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();
}
