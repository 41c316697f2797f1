using CsCheck;
using Forewarn.Contracts;

namespace Forewarn.Trainer.Tests;

public sealed class RegistryDocumentTests
{
    const long LeaseMs = 60_000;

    [Fact]
    public void A_registry_from_before_there_were_watches_and_triggers_is_read()
    {
        var document = System.Text.Json.JsonSerializer.Deserialize("""{"v":1,"models":[],"jobs":[],"trials":[]}""", RegistryJson.Default.RegistryDocument)!;

        document.Watches.ShouldBeEmpty();
        document.BegunAt(JobTrigger.Schedule).ShouldBeNull();
        document.Enter(Samples.Model("1"), 1).Enter(Samples.Model("2"), 2).Promote("2", "", 3).Document!.Watches.ShouldHaveSingleItem();
    }

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
    public void Whoever_lost_the_lease_can_neither_report_nor_end()
    {
        var document = new RegistryDocument().Begin(Job("a"), Lease("a", 0), now: 0)!.Begin(Job("b"), Lease("b", LeaseMs + 1), now: LeaseMs + 1)!;

        document.Advance(Job("a"), Lease("a", 0)).ShouldBeNull();
        document.End(Job("a"), Lease("a", 0)).ShouldBeNull();
    }

    [Fact]
    public void Old_jobs_are_forgotten()
    {
        var document = new RegistryDocument();
        for (var i = 0; i < 30; i++)
            document = document.Begin(Job($"job{i}"), Lease($"job{i}", 0), now: 0)!.End(Job($"job{i}") with { Status = JobStatus.Succeeded }, Lease($"job{i}", 0))!;

        document.Jobs.Count.ShouldBe(20);
        document.Jobs[0].Id.ShouldBe("job29");
    }

    [Fact]
    public void Any_sequence_of_steps_leaves_one_running_job() =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[0, 40_000]).Array[1, 60].Sample(steps =>
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
                    var next = step == 1
                        ? document.Advance(job, lease with { ExpiresAt = now + LeaseMs })
                        : document.End(job with { Status = JobStatus.Failed }, lease);
                    (next is not null).ShouldBe(holds);
                    document = next ?? document;
                }
                document.Jobs.Count(job => job.Status == JobStatus.Running).ShouldBeLessThanOrEqualTo(1);
            }
        });

    static TrainingLease Lease(string job, long now) => new(job, $"holder of {job}", now + LeaseMs);

    static JobEvent Job(string id) => new() { Id = id, Kind = "train", Status = JobStatus.Running, Progress = 0, Message = "started", At = 0 };
}
