namespace Forewarn.Architecture;

public sealed class ShapeTests
{
    const int LineLimit = 400;
    const int ProgramLimit = 25;

    public static TheoryData<string> Services => [.. Repository.Services];

    [Theory]
    [MemberData(nameof(Services))]
    public void Every_service_has_the_same_files_in_the_same_places(string service)
    {
        foreach (var file in new[] { "Program.cs", "Registration.cs", "README.md", "packages.lock.json" })
            File.Exists(Repository.PathOf($"services/{service}/{file}")).ShouldBeTrue($"services/{service}/{file} is missing");
        Directory.GetFiles(Repository.PathOf($"services/{service}"), "*Options.cs").ShouldNotBeEmpty($"services/{service} has no options class");
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Program_is_a_table_of_contents(string service) =>
        File.ReadAllLines(Repository.PathOf($"services/{service}/Program.cs")).Length.ShouldBeLessThanOrEqualTo(ProgramLimit);

    [Theory]
    [MemberData(nameof(Services))]
    public void Every_service_has_a_test_project(string service)
    {
        var project = Path.GetFileNameWithoutExtension(Repository.ProjectOf($"services/{service}"));
        Directory.EnumerateFiles(Repository.PathOf($"tests/{project}.Tests"), "*Tests.cs", SearchOption.AllDirectories).ShouldNotBeEmpty();
    }

    [Fact]
    public void No_source_file_outgrows_a_reader()
    {
        var long_ = new[] { "services", "tests", "bench" }.SelectMany(folder => Repository.Files(folder, "*.cs"))
            .Concat(Repository.Files("dashboard", "*.ts")).Concat(Repository.Files("dashboard", "*.tsx"))
            .Select(file => (file, lines: File.ReadAllLines(Repository.PathOf(file)).Length))
            .Where(entry => entry.lines > LineLimit)
            .Select(entry => $"{entry.file}: {entry.lines}");
        long_.ShouldBeEmpty();
    }

    [Fact]
    public void Unfinished_work_is_not_committed()
    {
        string[] marks = ["NotImplementedException", "TODO", "FIXME", "HACK"];
        var found = from file in Repository.Files("services", "*.cs")
                    let text = Repository.Read(file)
                    from mark in marks
                    where text.Contains(mark, StringComparison.Ordinal)
                    select $"{file}: {mark}";
        found.ShouldBeEmpty();
    }
}
