namespace Forewarn.Deploy.Tests;

/// <summary>Users' own rules reach stream-processor; that it can read the file is tested with it.</summary>
public sealed class ComposeThresholdTests
{
    [Fact]
    public void Stream_processor_finds_the_folder_with_the_rules()
    {
        var path = ComposeServices.EnvironmentOf("stream-processor")["STREAMPROCESSOR__THRESHOLDSFILE"];
        var mount = ComposeServices.Texts(ComposeServices.All["stream-processor"], "volumes").Select(volume => volume.Split(':')).Single(parts => parts[1] == Path.GetDirectoryName(path));

        mount[2].ShouldBe("ro");
        var file = Path.GetFullPath(Path.Combine(ComposeFile.Folder, mount[0], Path.GetFileName(path)));
        file.ShouldBe(Repository.PathOf("deploy", "compose", "thresholds", "thresholds.yaml"));
        File.Exists(file).ShouldBeTrue();
    }
}
