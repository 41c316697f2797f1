using System.Globalization;

namespace Forewarn.Deploy.Tests;

/// <summary>The start comes to an end, on slow machines too, and everything fits.</summary>
public sealed class ComposeOrderTests
{
    const int MostMegabytes = 8192;

    /// <summary>They exit, or there is nothing in their image that could ask.</summary>
    static readonly string[] WithoutHealth = ["topics", "volumes", "placement", "scheduler", "kafka-exporter", "simulator"];

    [Fact]
    public void Nobody_waits_for_himself()
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        while (ComposeServices.All.Keys.Where(name => !done.Contains(name) && ComposeServices.NeedsOf(name).Keys.All(done.Contains)).ToList() is { Count: > 0 } next)
            done.UnionWith(next);

        ComposeServices.All.Keys.Except(done, StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Fact]
    public void Whoever_is_needed_runs_in_the_same_profiles()
    {
        foreach (var name in ComposeServices.All.Keys)
        {
            foreach (var needed in ComposeServices.NeedsOf(name).Keys)
                ComposeServices.ProfilesOf(name).Except(ComposeServices.ProfilesOf(needed), StringComparer.Ordinal).ShouldBeEmpty($"{name} needs {needed}");
        }
    }

    [Fact]
    public void Who_is_waited_for_can_come_to_the_state_that_is_waited_for()
    {
        foreach (var (needed, condition) in ComposeServices.All.Keys.SelectMany(name => ComposeServices.NeedsOf(name)))
        {
            var service = ComposeServices.All[needed];
            if (condition == "service_healthy")
                service["healthcheck"].ShouldNotBeNull(needed);
            if (condition == "service_completed_successfully")
                service["restart"]!.ToString().ShouldNotBe("unless-stopped", needed);
        }
    }

    /// <summary><c>up --wait</c> takes a job that ended well for a failure unless a service that stays waits for it (docker/compose#10596).</summary>
    [Theory]
    [InlineData("platform", "verify.yaml")]
    [InlineData("infra", "infra.yaml")]
    public void Every_job_is_waited_for_by_a_service_that_stays(string profile, string onTop)
    {
        const string completed = "service_completed_successfully";
        var needs = ComposeServices.All.Keys.Where(name => ComposeServices.ProfilesOf(name).Contains(profile)).SelectMany(name => ComposeServices.NeedsOf(name))
            .Concat(ComposeFile.Load(onTop)["services"]!.AsObject().SelectMany(service => ComposeServices.NeedsOf(service.Value!.AsObject())));

        needs.Where(need => need.Value == completed).Select(need => need.Key).Distinct(StringComparer.Ordinal).ShouldBe(["topics", "volumes"], ignoreOrder: true);
    }

    [Fact]
    public void Everything_that_stays_has_a_health_check()
    {
        var without = ComposeServices.All.Where(service => service.Value["healthcheck"] is null).Select(service => service.Key)
            .Where(name => !name.EndsWith("-pod", StringComparison.Ordinal) && !name.EndsWith("-dapr", StringComparison.Ordinal));

        without.Order(StringComparer.Ordinal).ShouldBe(WithoutHealth.Order(StringComparer.Ordinal));
        // Without a word on it a first start on a slow machine would count as failures.
        foreach (var name in ComposeServices.Apps.Concat(["kafka", "timescaledb"]))
            ComposeServices.All[name]["healthcheck"]!["start_period"]!.ToString().ShouldBeOneOf("120s", "180s");
    }

    [Fact]
    public void A_service_starts_after_its_sidecar_and_stops_before_it_and_both_after_what_they_need()
    {
        foreach (var app in ComposeServices.Apps)
        {
            ComposeServices.NeedsOf(app).Keys.ShouldBe([ComposeServices.SidecarOf(app)]);
            var needs = ComposeServices.NeedsOf(ComposeServices.SidecarOf(app));
            needs["timescaledb"].ShouldBe("service_healthy");
            needs["topics"].ShouldBe("service_completed_successfully");
            needs["volumes"].ShouldBe("service_completed_successfully");
            needs.Keys.ShouldContain(ComposeServices.PodOf(app));
        }
        ComposeServices.NeedsOf("topics")["kafka"].ShouldBe("service_healthy");
    }

    [Fact]
    public void All_limits_together_fit_the_memory_that_the_page_asks_for()
    {
        var limits = ComposeServices.All.ToDictionary(service => service.Key, service => Megabytes(service.Value["mem_limit"]?.ToString()), StringComparer.Ordinal);

        limits.Values.Sum().ShouldBeLessThanOrEqualTo(MostMegabytes);
        limits.Values.ShouldAllBe(limit => limit >= 16);
    }

    [Fact]
    public void Ours_and_sidecars_have_no_rights_and_nothing_to_write_to()
    {
        foreach (var name in ComposeServices.Apps.SelectMany(app => new[] { app, ComposeServices.SidecarOf(app), ComposeServices.PodOf(app) }).Append("simulator"))
        {
            var service = ComposeServices.All[name];
            service["read_only"]!.GetValue<bool>().ShouldBeTrue(name);
            ComposeServices.Texts(service, "cap_drop").ShouldBe(["ALL"], name);
            ComposeServices.Texts(service, "security_opt").ShouldContain("no-new-privileges:true", name);
            service["user"].ShouldBeNull($"{name}: the image says who it runs as");
        }
    }

    [Fact]
    public void Every_mounted_file_is_there_and_every_volume_is_declared()
    {
        var declared = ComposeFile.Load()["volumes"]!.AsObject().Select(volume => volume.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var volume in ComposeFile.Names.SelectMany(name => ComposeFile.Load(name)["services"]!.AsObject()).SelectMany(service => ComposeServices.Texts(service.Value!.AsObject(), "volumes")))
        {
            var source = volume.Split(':')[0];
            if (!source.StartsWith('.'))
                declared.ShouldContain(source);
            else
                Path.Exists(Path.Combine(ComposeFile.Folder, source)).ShouldBeTrue(volume);
        }
    }

    static int Megabytes(string? limit) => limit is { Length: > 1 } && limit.EndsWith('m') ? int.Parse(limit[..^1], CultureInfo.InvariantCulture) : 0;
}
