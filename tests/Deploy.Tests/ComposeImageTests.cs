using System.Text.RegularExpressions;

namespace Forewarn.Deploy.Tests;

public sealed partial class ComposeImageTests
{
    [Fact]
    public void Every_image_is_pinned_to_a_version()
    {
        foreach (var (name, service) in ComposeFile.Names.SelectMany(file => ComposeFile.Load(file)["services"]!.AsObject()))
        {
            if (service!["image"]?.ToString() is { } image && !image.StartsWith("forewarn/", StringComparison.Ordinal))
                Pinned().IsMatch(image).ShouldBeTrue($"{name}: {image}");
        }
    }

    [Fact]
    public void Our_images_are_built_here_from_the_folder_that_they_are_named_after()
    {
        var dockerfile = Dockerfile.Load();
        string[] ours = [.. ComposeServices.Apps, "simulator"];
        foreach (var (name, service) in ComposeServices.All)
        {
            service.ContainsKey("build").ShouldBe(ours.Contains(name), name);
            if (service["build"] is not { } build)
                continue;
            service["image"]!.ToString().ShouldBe($"forewarn/{name}:${{FOREWARN_TAG:-0.1.0}}");
            build["args"]!["SERVICE"]!.ToString().ShouldBe(name);
            Directory.EnumerateFiles(Path.Combine(Checkout.Root, "services", name), "*.csproj").ShouldHaveSingleItem();
            Path.GetFullPath(Path.Combine(ComposeFile.Folder, build["context"]!.ToString())).ShouldBe(Checkout.Root);
            var target = build["target"]!.ToString();
            dockerfile.Stages.Select(stage => stage.Name).ShouldContain(target);
            target.ShouldBe(name switch { "gateway" => "gateway", "simulator" => "tool", _ => "service" });
        }
    }

    [Fact]
    public void Sidecars_and_control_plane_are_of_one_Dapr()
    {
        var versions = ComposeServices.All.Values.Select(service => service["image"]!.ToString()).Where(image => image.StartsWith("daprio/", StringComparison.Ordinal))
            .Select(image => image.Split(':')[1]).Distinct(StringComparer.Ordinal);

        versions.ShouldHaveSingleItem().ShouldStartWith("1.18.");
    }

    [Fact]
    public void What_images_are_built_from_is_pinned_too()
    {
        var dockerfile = Dockerfile.Load();
        var names = dockerfile.Stages.Select(stage => stage.Name).ToHashSet(StringComparer.Ordinal);

        var bases = dockerfile.Stages.Select(stage => stage.Base).Where(image => !names.Contains(image)).ToList();

        bases.Count.ShouldBe(3);
        bases.ShouldAllBe(image => Pinned().IsMatch(image));
    }

    /// <summary>A tag with at least a major and a minor number; mendhak numbers its versions with one.</summary>
    [GeneratedRegex(@"^(mendhak/http-https-echo:\d+|[a-z0-9./-]+:v?\d+\.\d+[a-z0-9.-]*)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pinned();
}
