using CsCheck;
using Forewarn.Contracts;

namespace Forewarn.Trainer.Tests;

public sealed class RegistryDocumentTests
{
    const long LeaseMs = 60_000;

    [Fact]
    public void A_second_job_waits_for_the_first()
    {
        var first = new RegistryDocument().Begin(Job("a"), Lease("a", 0), now: 0)!;

        first.Begin(Job("b"), Lease("b", 1000), now: 1000).ShouldBeNull();
        first.RunningAt(1000)!.Id.ShouldBe("a");
        first.End(Job("a") with { Status = JobStatus.Failed }, Lease("a", 0))!.Begin(Job("b"), Lease("b", 1000), now: 1000).ShouldNotBeNull();
    }

    [Fact]
    public void A_job_whose_holder_died_is_marked_failed_by_the_next()
    {
        var document = new RegistryDocument().Begin(Job("a"), Lease("a", 0), now: 0)!;
        var next = document.Begin(Job("b"), Lease("b", LeaseMs + 1), now: LeaseMs + 1)!;

        next.JobOf("a")!.Status.ShouldBe(JobStatus.Failed);
        next.JobOf("b")!.Status.ShouldBe(JobStatus.Running);
    }

    [Fact]
    public void Whoever_lost_the_lease_can_neither_report_nor_promote()
    {
        var document = new RegistryDocument().Begin(Job("a"), Lease("a", 0), now: 0)!.Begin(Job("b"), Lease("b", LeaseMs + 1), now: LeaseMs + 1)!;

        document.Advance(Job("a"), Lease("a", 0)).ShouldBeNull();
        document.Promote(Model("1"), Job("a"), Lease("a", 0)).ShouldBeNull();
        document.End(Job("a"), Lease("a", 0)).ShouldBeNull();
    }

    [Fact]
    public void A_promoted_model_retires_the_champion_of_its_group_only()
    {
        var document = Promoted(Promoted(Promoted(new RegistryDocument(), Model("1")), Model("2") with { Group = "hosts" }), Model("3"));

        document.ChampionOf("any")!.Version.ShouldBe("3");
        document.ChampionOf("hosts")!.Version.ShouldBe("2");
        document.ChampionOf("unheard-of")!.Version.ShouldBe("3");
        document.Models.Single(model => model.Version == "1").State.ShouldBe(ModelState.Retired);
    }

    [Fact]
    public void A_retired_version_can_become_champion_again_without_a_twin()
    {
        var document = Promoted(Promoted(Promoted(new RegistryDocument(), Model("1")), Model("2")), Model("1"));

        document.ChampionOf("any")!.Version.ShouldBe("1");
        document.Models.Count.ShouldBe(2);
    }

    [Fact]
    public void Old_jobs_are_forgotten()
    {
        var document = new RegistryDocument();
        for (var i = 0; i < 30; i++)
            document = Promoted(document, Model("1"), $"job{i}");

        document.Jobs.Count.ShouldBe(20);
        document.Jobs[0].Id.ShouldBe("job29");
    }

    [Fact]
    public void Any_sequence_of_steps_leaves_one_champion_per_group_and_one_running_job() =>
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 2], Gen.Int[0, 40_000]).Array[1, 60].Sample(steps =>
        {
            var (document, now, count) = (new RegistryDocument(), 0L, 0);
            var holders = new TrainingLease?[3];
            foreach (var (step, who, wait) in steps)
            {
                now += wait;
                if (step == 0)
                {
                    var lease = new TrainingLease($"j{count++}", $"holder{who}", now + LeaseMs);
                    var begun = document.Begin(Job(lease.JobId), lease, now);
                    (begun is null).ShouldBe(document.RunningAt(now) is not null);
                    holders[who] = begun is null ? holders[who] : lease;
                    document = begun ?? document;
                }
                else if (holders[who] is { } lease)
                {
                    var job = Job(lease.JobId);
                    var holds = document.Lease?.JobId == lease.JobId;
                    var next = step switch
                    {
                        1 => document.Advance(job, lease with { ExpiresAt = now + LeaseMs }),
                        2 => document.End(job with { Status = JobStatus.Failed }, lease),
                        _ => document.Promote(Model($"v{wait % 7}") with { Group = wait % 2 == 0 ? "any" : "hosts" }, job with { Status = JobStatus.Succeeded }, lease),
                    };
                    (next is not null).ShouldBe(holds);
                    document = next ?? document;
                }
                document.Models.Where(model => model.State == ModelState.Champion).Select(model => model.Group).ShouldBeUnique();
                document.Models.Select(model => model.Version).ShouldBeUnique();
                document.Jobs.Count(job => job.Status == JobStatus.Running).ShouldBeLessThanOrEqualTo(1);
            }
        });

    static RegistryDocument Promoted(RegistryDocument document, ModelInfo model, string job = "job") =>
        document.Begin(Job(job), Lease(job, 0), now: 0)!.Promote(model, Job(job) with { Status = JobStatus.Succeeded }, Lease(job, 0))!;

    static TrainingLease Lease(string job, long now) => new(job, $"holder of {job}", now + LeaseMs);

    static JobEvent Job(string id) => new() { Id = id, Kind = "train", Status = JobStatus.Running, Progress = 0, Message = "started", At = 0 };

    internal static ModelInfo Model(string version) => new()
    {
        Version = version,
        State = ModelState.Candidate,
        Kind = "isolation-forest",
        Group = "any",
        FeatureSpec = "f1",
        RowSpec = "r1",
        Sha256 = "",
        SizeBytes = 1,
        CreatedAt = 0,
        TrainedOn = "generated",
        Rows = 1,
    };
}
