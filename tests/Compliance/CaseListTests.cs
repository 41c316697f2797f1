using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Forewarn.Compliance;

public sealed partial class CaseListTests
{
    static readonly Type[] Cases = [.. typeof(ITarget).Assembly.GetTypes().Where(t => t.IsAbstract && t.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        .Any(c => c.GetParameters() is [{ ParameterType: var first }] && first == typeof(ITarget)))];

    /// <summary>Section by section as many as the research on Dapr lists.</summary>
    [Theory]
    [InlineData('H', 6)]
    [InlineData('P', 25)]
    [InlineData('B', 9)]
    [InlineData('S', 14)]
    [InlineData('I', 7)]
    [InlineData('O', 6)]
    [InlineData('C', 3)]
    [InlineData('A', 22)]
    [InlineData('R', 3)]
    [InlineData('M', 1)]
    [InlineData('G', 2)]
    [InlineData('K', 1)]
    public void Every_case_has_a_test(char section, int count)
    {
        var tested = Cases.SelectMany(c => c.GetMethods()).SelectMany(m => Numbers(m.Name, section)).ToHashSet();
        Enumerable.Range(1, count).Where(n => !tested.Contains(n)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_case_runs_on_the_dev_sidecar_and_on_Dapr()
    {
        foreach (var cases in Cases)
        {
            var runs = cases.Assembly.GetExportedTypes().Where(t => t.BaseType == cases).Select(t => t.Name).ToList();
            runs.ShouldContain("Dapr" + cases.Name);
            runs.ShouldContain(n => n == "DevSidecar" + cases.Name || n == "Embedded" + cases.Name);
        }
    }

    static IEnumerable<int> Numbers(string test, char section)
    {
        var range = Range().Match(test);
        if (range.Success && test[0] == section)
        {
            var (first, last) = (int.Parse(range.Groups["first"].ValueSpan, CultureInfo.InvariantCulture), int.Parse(range.Groups["last"].ValueSpan, CultureInfo.InvariantCulture));
            return Enumerable.Range(first, last - first + 1);
        }

        return test.Split('_').Where(p => p.Length > 1 && p[0] == section && int.TryParse(p[1..], CultureInfo.InvariantCulture, out _)).Select(p => int.Parse(p[1..], CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"^[A-Z](?<first>\d{1,3})_to_[A-Z](?<last>\d{1,3})_", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Range();
}
