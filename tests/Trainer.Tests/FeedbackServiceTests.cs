using System.Net;
using System.Net.Http.Json;
using Forewarn.Contracts;
using Forewarn.Hosting;
using Forewarn.Testing;
using static Forewarn.Trainer.Tests.TrainerCalls;

namespace Forewarn.Trainer.Tests;

/// <summary>Feedback and exclusions in the whole service on the embedded sidecar.</summary>
public sealed class FeedbackServiceTests : IAsyncLifetime
{
    SidecarRig _platform = null!;
    SidecarApp _trainer = null!;

    public async ValueTask InitializeAsync()
    {
        _platform = await SidecarRig.StartAsync();
        _trainer = await _platform.AddTrainerAsync();
        await ChampionAsync(_trainer);
    }

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    [Fact]
    public async Task What_was_said_is_kept_once_with_its_row_and_the_last_word_holds()
    {
        var first = Samples.Feedback("i-1", FeedbackKind.FalseAlarm, at: 10, row: [1, float.NaN, 3], model: "m");
        var second = Samples.Feedback("i-2", at: 20);
        await PublishAsync(first, second, first);
        await PublishAsync(first with { Kind = FeedbackKind.Useful, At = 30, Note = "it was the backup" }, first);

        await Eventually.Async("the last word to arrive", Limit, async () => (await ListAsync("")).Items is [{ Kind: FeedbackKind.Useful, At: 30 }, { At: 20 }]);
        var kept = (await ListAsync("?incident=i-1")).Items.ShouldHaveSingleItem();
        kept.Features.ShouldBe([1, float.NaN, 3]);
        kept.Note.ShouldBe("it was the backup");
        (await ListAsync("?limit=1")).Next.ShouldNotBeNull();
        using var bad = await _trainer.Http.GetAsync("/v1/feedback?limit=501", TestContext.Current.CancellationToken);
        bad.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var badCursor = await _trainer.Http.GetAsync("/v1/feedback?cursor=x", TestContext.Current.CancellationToken);
        badCursor.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task What_breaks_the_rules_is_not_kept_and_holds_nothing_up()
    {
        await PublishAsync(Samples.Feedback("i-1") with { Note = new string('x', 301) }, Samples.Feedback("i-2"));

        await Eventually.Async("the sound one to arrive", Limit, async () => (await ListAsync("")).Items is [{ Incident: "i-2" }]);
    }

    [Fact]
    public async Task Times_are_left_out_once_and_can_be_taken_back()
    {
        var request = new ExclusionRequest { Entity = "web 1", From = 10, To = 20, Kind = ExclusionKind.Maintenance, Reason = "new disks", Who = "ops" };
        using var created = await PostAsync(request);
        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        using var again = await PostAsync(request with { Reason = "new disks, again" });
        again.StatusCode.ShouldBe(HttpStatusCode.Created);
        var listed = (await _trainer.Http.GetFromJsonAsync("/v1/exclusions", ContractJson.Default.PageExclusion, TestContext.Current.CancellationToken))!.Items;
        listed.ShouldHaveSingleItem().Reason.ShouldBe("new disks, again");
        created.Headers.Location!.ToString().ShouldBe($"/v1/exclusions/{listed[0].Id}");

        using var backwards = await PostAsync(request with { To = 10 });
        backwards.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        backwards.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        using var removed = await _trainer.Http.DeleteAsync($"/v1/exclusions/{listed[0].Id}", TestContext.Current.CancellationToken);
        removed.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var gone = await _trainer.Http.DeleteAsync($"/v1/exclusions/{listed[0].Id}", TestContext.Current.CancellationToken);
        gone.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("""{"from":1,"to":2,"kind":"nonsense"}""", "$.kind")]
    [InlineData("""{"from":"noon","to":2,"kind":"flagged"}""", "$.from")]
    [InlineData("""{"from":1""", "$")]
    public async Task A_body_that_cannot_be_read_is_refused_with_its_place(string body, string place)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var refused = await _trainer.Http.PostAsync("/v1/exclusions", content, TestContext.Current.CancellationToken);
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        refused.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        using var problem = await refused.Content.ReadFromJsonAsync<System.Text.Json.JsonDocument>(TestContext.Current.CancellationToken);
        problem!.RootElement.GetProperty("errors").EnumerateObject().ShouldHaveSingleItem().Name.ShouldStartWith(place);
        problem.RootElement.GetProperty("detail").GetString()!.ShouldNotContain("Forewarn");
    }

    [Fact]
    public async Task A_full_list_says_so()
    {
        for (var i = 0; i < ExclusionList.Most; i++)
        {
            using var added = await PostAsync(new ExclusionRequest { From = i, To = i + 1, Kind = ExclusionKind.Flagged });
            added.StatusCode.ShouldBe(HttpStatusCode.Created);
        }
        using var full = await PostAsync(new ExclusionRequest { From = 0, To = 5000, Kind = ExclusionKind.Flagged });
        full.StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    Task<HttpResponseMessage> PostAsync(ExclusionRequest request) => _trainer.Http.PostAsJsonAsync(
        "/v1/exclusions", request, ContractJson.Default.ExclusionRequest, TestContext.Current.CancellationToken);

    async Task<Page<FeedbackEvent>> ListAsync(string query) => (await _trainer.Http.GetFromJsonAsync(
        $"/v1/feedback{query}", ContractJson.Default.PageFeedbackEvent, TestContext.Current.CancellationToken))!;

    Task PublishAsync(params FeedbackEvent[] messages) => _trainer.Service<KeyedPublisher>().PublishAsync(
        Components.Alerts, Topics.Feedback, [.. messages.Select(message => new Outgoing<FeedbackEvent>(message.Entity, $"{message.Id}-{message.At}", message))],
        ContractJson.Default.FeedbackEvent, TestContext.Current.CancellationToken);
}
