using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;
using Forewarn.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Forewarn.Predictor.Tests;

/// <summary>Which models of groups are in use, whatever the trainer and the store answer.</summary>
public sealed class GroupModelsTests : IAsyncLifetime
{
    static readonly SeriesSchema OtherSchema = LinkedHost.SchemaOf([.. Enumerable.Range(0, 9).Select(LinkedHost.NameOf)]);
    static readonly Lazy<TestGroup> Next = new(() => new TestGroup(2));
    static readonly Lazy<TestGroup> Other = new(() => new TestGroup(3, OtherSchema, "db-1"));

    readonly FakeDapr _dapr = new();
    readonly LogBook _log = new();
    readonly PredictorRig _rig;

    public GroupModelsTests() => _rig = new PredictorRig(_dapr, new FakeTimeProvider(PredictorRig.Start), _log);

    public async ValueTask InitializeAsync()
    {
        await _rig.PublishAsync(TestModel.Shared);
        await _rig.PublishGroupsAsync(TestGroup.Shared, Other.Value);
        InUse().ShouldBe([TestGroup.Shared.Version, Other.Value.Version], ignoreOrder: true);
    }

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public Task A_damaged_file_leaves_the_group_with_what_it_has() => RefusedAsync(Next.Value.Manifest, [.. Next.Value.Onnx[..^1], 1]);

    [Fact]
    public Task Damaged_metadata_leave_the_group_with_what_it_has()
    {
        var scalings = JointFile.Metadata([.. LinkedHost.Schema.Columns.Select(column => column.Id)], new Dictionary<string, JointScaling>(StringComparer.Ordinal) { ["a"] = ScalingOf(LinkedHost.Metrics) });
        // The length of the entity's name, made negative.
        var bytes = Convert.FromBase64String(scalings[1].Value);
        new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x0F }.CopyTo(bytes, 4);
        var trained = JointTraining.Run([Rows(LinkedHost.Metrics)], LinkedHost.Metrics, new JointOptions());
        var onnx = JointGraph.Write(trained.Model, [scalings[0], new(scalings[1].Key, Convert.ToBase64String(bytes))]);
        return RefusedAsync(TestGroup.ManifestOf(
            onnx, LinkedHost.Schema.Hash, [.. LinkedHost.Schema.Columns.Select(column => column.Id)], TestGroup.Shared.Manifest.Prior), onnx);
    }

    [Fact]
    public Task A_model_of_everybody_that_is_offered_as_a_groups_is_refused()
    {
        var forest = new TestModel(seed: 5);
        return RefusedAsync(forest.Manifest with { Kind = "joint", Group = LinkedHost.Schema.Hash }, forest.Onnx);
    }

    [Fact]
    public async Task A_model_of_another_group_is_refused_and_the_other_group_keeps_its_own()
    {
        await _rig.OfferGroupsAsync(Other.Value.Info with { Group = LinkedHost.Schema.Hash }, Other.Value.Info);
        InUse().ShouldBe([TestGroup.Shared.Version, Other.Value.Version], ignoreOrder: true);
        _log.Of(2).ShouldBe(1);
    }

    [Fact]
    public async Task A_group_without_a_model_is_left_to_that_of_everybody_when_its_first_is_refused()
    {
        await _rig.OfferGroupsAsync();
        InUse().ShouldBeEmpty();
        await RefuseAsync(TestGroup.Shared.Manifest with { FeatureSpec = "f1" }, TestGroup.Shared.Onnx);
        InUse().ShouldBe([Other.Value.Version]);
        var host = new LinkedHost(TestGroup.Known, 7);
        for (var i = 0; i < MaturityLevels.WarmSamples + 5; i++)
            await _rig.DeliverAsync(host.Next());
        _rig.Predictions.ShouldAllBe(batch => batch.Model == TestModel.Shared.Version);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_asked_again_and_told_of_once()
    {
        for (var i = 0; i < 3; i++)
            await _rig.OfferGroupsAsync(Next.Value.Info, Other.Value.Info);
        InUse().ShouldBe([TestGroup.Shared.Version, Other.Value.Version], ignoreOrder: true);
        _log.Of(8).ShouldBe(1);
        await _rig.PublishGroupsAsync(Next.Value, Other.Value);
        InUse().ShouldBe([Next.Value.Version, Other.Value.Version], ignoreOrder: true);
    }

    [Fact]
    public async Task A_trainer_that_does_not_answer_changes_nothing_and_a_group_that_ends_loses_its_model()
    {
        foreach (var answer in (Func<string?>[])[() => null, () => "no JSON", () => throw new TaskCanceledException("It took too long.")])
        {
            _dapr.Invoke = (_, _) => answer();
            await _rig.Models.RefreshAsync(TestContext.Current.CancellationToken);
            await _rig.Get<GroupModels>().RefreshAsync(TestContext.Current.CancellationToken);
            InUse().Count.ShouldBe(2);
        }
        await _rig.OfferGroupsAsync(Other.Value.Info);
        InUse().ShouldBe([Other.Value.Version]);
    }

    [Fact]
    public async Task What_was_replaced_is_disposed_when_the_last_who_holds_it_leaves()
    {
        var groups = _rig.Get<GroupModels>();
        var (first, second) = (groups.Hold(), groups.Hold());
        var (old, kept) = (first.Of(TestGroup.Known, ""), first.Of("db-1", ""));
        await _rig.PublishGroupsAsync(Next.Value, Other.Value);
        await _rig.PublishGroupsAsync(Other.Value);
        first.Of(TestGroup.Known, "").ShouldBe(old, "who holds it sees no change");
        first.Leave();
        IsDisposed(old!).ShouldBeFalse();
        second.Leave();
        IsDisposed(old!).ShouldBeTrue();
        IsDisposed(kept!).ShouldBeFalse();
        await _rig.DisposeAsync();
        IsDisposed(kept!).ShouldBeTrue();
    }

    async Task RefusedAsync(ModelManifest manifest, byte[] onnx)
    {
        for (var i = 0; i < 3; i++)
            await RefuseAsync(manifest, onnx);
        InUse().ShouldBe([TestGroup.Shared.Version, Other.Value.Version], ignoreOrder: true);
    }

    async Task RefuseAsync(ModelManifest manifest, byte[] onnx)
    {
        _dapr.Files[$"{manifest.Version}.json"] = manifest.ToJson();
        _dapr.Files[manifest.Parts.ShouldHaveSingleItem()] = onnx;
        await _rig.OfferGroupsAsync(manifest.ToInfo(ModelState.Champion), Other.Value.Info);
        _log.Of(2).ShouldBe(1, "it is told of once");
    }

    List<string> InUse()
    {
        var serving = _rig.Get<GroupModels>().Hold();
        List<string> versions = [.. serving.Models.Select(model => model.Version)];
        serving.Leave();
        return versions;
    }

    static JointScaling ScalingOf(int metrics) => JointScaling.Of(Rows(metrics), metrics, new JointOptions().LeastScale);

    static float[] Rows(int metrics)
    {
        var random = new SeededRandom(1);
        return [.. Enumerable.Range(0, 300 * metrics * JointRow.Count).Select(_ => (float)random.NextGaussian())];
    }

    static bool IsDisposed(LoadedModel model)
    {
        try
        {
            model.Scorer.Score(new float[model.Scorer.Inputs], 1, new float[1]);
            return false;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }

    /// <summary>Counts what is logged, by event.</summary>
    sealed class LogBook : ILoggerProvider, ILogger
    {
        readonly List<int> _events = [];

        public int Of(int eventId) => _events.Count(one => one == eventId);

        public ILogger CreateLogger(string categoryName) => categoryName == typeof(GroupModels).FullName ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => _events.Add(eventId.Id);

        public void Dispose()
        {
        }
    }
}
