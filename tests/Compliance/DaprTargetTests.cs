using DevSidecar;
using Xunit.Sdk;

namespace Forewarn.Compliance;

/// <summary>The external target without Dapr: with <see cref="DaprStandIn"/>, and with a dev-sidecar that runs already.</summary>
public sealed class DaprTargetTests(DaprStandIn standIn) : IClassFixture<DaprStandIn>
{
    [Fact]
    public Task H1_health() => new Health(standIn.Target).H1_outbound_is_healthy_before_the_app_and_healthz_after_it();

    [Fact]
    public Task H2_metadata() => new Health(standIn.Target).H2_metadata_name_id_components_and_subscriptions();

    [Fact]
    public Task H3_tokens() => new Health(standIn.Target).H3_H4_H5_a_token_is_asked_for();

    [Fact]
    public Task P1_delivery() => new PubSub(standIn.Target).P1_json_arrives_in_an_envelope_with_all_fields();

    [Fact]
    public Task S3_etags() => new State(standIn.Target).S3_S4_a_stale_etag_neither_saves_nor_deletes("in-memory");

    [Fact]
    public Task I3_unknown_app() => new Invoke(standIn.Target).I3_an_unknown_app_is_ERR_DIRECT_INVOKE();

    [Fact]
    public Task A11_restart() => new Actors(standIn.Target).A11_a_reminder_survives_a_restart_of_the_sidecar();

    [Fact]
    public async Task Placement_and_scheduler_start_once_and_first_and_no_process_is_left()
    {
        await using var own = new DaprStandIn();
        foreach (var id in new[] { "one", "two" })
        {
            await using var world = await own.Target.StartAsync();
            await world.AddClientAsync(id);
        }

        var started = own.Started;
        started.Select(s => s.Name).ShouldBe(["placement", "scheduler", "daprd", "daprd"]);
        Runs(started[1].Id).ShouldBeTrue();
        started[2..].ShouldAllBe(s => !Runs(s.Id), "a daprd ends with its test");
        await own.Target.DisposeAsync();
        started.ShouldAllBe(s => !Runs(s.Id));
    }

    [Fact]
    public async Task A_daprd_that_does_not_start_says_why()
    {
        await using var world = await standIn.Target.StartAsync("""
            apiVersion: dapr.io/v1alpha1
            kind: Component
            metadata: { name: ps }
            spec: { type: pubsub.nonsense, version: v1 }
            """);
        (await Should.ThrowAsync<InvalidOperationException>(() => world.AddClientAsync())).Message.ShouldContain("pubsub.nonsense");
    }

    [Fact]
    public async Task A_sidecar_that_runs_already_takes_the_cases_that_leave_it_as_it_is()
    {
        await using var rig = new CrashRig(FreePorts.Next());
        var grpc = FreePorts.Next();
        await using var sidecar = TestProcess.Sidecar([.. rig.Arguments[..6], "--dapr-grpc-port", $"{grpc}", .. rig.Arguments[8..]]);
        await Eventually.TrueAsync(async () => await rig.HealthAsync() is not null, () => "the sidecar answers: " + sidecar.Output);
        await using var dapr = new DaprTarget(new() { Running = new(rig.HttpPort, grpc, rig.HttpPort, rig.AppPort) }, isDapr: false);
        for (var run = 0; run < 2; run++)
        {
            await new State(dapr).S5_first_write_without_an_etag_conflicts_with_what_is_there("in-memory");
            await new State(dapr).S6_S7_a_transaction_is_all_or_nothing_and_its_conflict_is_Internal("in-memory");
        }

        await new PubSub(dapr).P20_an_unknown_pubsub_is_refused();
        await new Invoke(dapr).I1_verb_query_headers_body_and_status_pass_through("PUT");
        await new Invoke(dapr).I5_the_invokable_client_of_the_sdk_reaches_the_app();

        await SkipsAsync(new Health(dapr).H1_outbound_is_healthy_before_the_app_and_healthz_after_it(), "its start");
        await SkipsAsync(new PubSub(dapr).P1_json_arrives_in_an_envelope_with_all_fields(), "may have read its app's subscriptions");
        await SkipsAsync(new PubSub(dapr).P21_scopes_deny_publishing(), "with its own components");
        await SkipsAsync(new State(dapr).S13_apps_do_not_see_each_other("in-memory"), "is one: the case needs two");
        await SkipsAsync(new Actors(dapr).A4_an_exception_without_remoting_is_a_DaprApiException(), "its own port");
    }

    [Fact]
    public void Dapr_is_where_the_environment_says()
    {
        var environment = new Dictionary<string, string?> { ["PATH"] = $"/nowhere{Path.PathSeparator}{standIn.Folder}" };
        Place().ShouldBe(new DaprPlace { Folder = standIn.Folder });
        Place().Missing.ShouldBeNull();
        Directory.CreateDirectory(Path.Combine(standIn.Folder, "alone"));
        File.Copy(Path.Combine(standIn.Folder, "daprd"), Path.Combine(standIn.Folder, "alone", "daprd"));
        environment["PATH"] = Path.Combine(standIn.Folder, "alone");
        Place().Missing!.ShouldStartWith("placement and scheduler should lie beside");
        environment["PATH"] = "/nowhere";
        Place().Missing!.ShouldStartWith("there is no Dapr");
        environment["DAPR_HTTP_PORT"] = "1";
        Place().Running.ShouldBeNull();
        environment["DAPR_GRPC_PORT"] = "2";
        environment["APP_PORT"] = "3";
        Place().Running.ShouldBe(new(1, 2, null, 3));

        DaprPlace Place() => DaprPlace.From(environment.GetValueOrDefault);
    }

    static async Task SkipsAsync(Task test, string reason) => (await Should.ThrowAsync<SkipException>(test)).Message.ShouldContain(reason);

    static bool Runs(int id) => Directory.Exists($"/proc/{id}");

    sealed class Health(ITarget target) : HealthTests(target);

    sealed class PubSub(ITarget target) : PubSubTests(target);

    sealed class State(ITarget target) : StateTests(target);

    sealed class Invoke(ITarget target) : InvokeTests(target);

    sealed class Actors(ITarget target) : ActorTests(target);
}
