using System.Text.Json;
using Forewarn.Contracts;
using Forewarn.Hosting;
using Forewarn.Models;
using Forewarn.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Forewarn.Predictor.Tests;

/// <summary>One replica of the predictor with its real registration, on a sidecar in memory and a clock of the test.</summary>
sealed class PredictorRig : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly long T0 = Start.ToUnixTimeMilliseconds();

    readonly WebApplication _app;
    readonly string _cache = Path.Combine(Path.GetTempPath(), $"forewarn-predictor-{Guid.NewGuid():N}");

    public PredictorRig(FakeDapr dapr, FakeTimeProvider time, params string[] options)
        : this(dapr, time, log: null, options)
    {
    }

    public PredictorRig(FakeDapr dapr, FakeTimeProvider time, ILoggerProvider? log, params string[] options)
    {
        var builder = ServiceHost.Create([$"--Predictor:ModelCacheDirectory={_cache}", .. options], Apps.Predictor);
        builder.AddPredictor();
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddSingleton(dapr.Client());
        builder.Services.AddSingleton(dapr.Generated());
        builder.Services.AddSingleton(dapr.Services());
        if (log is not null)
            builder.Logging.AddProvider(log);
        _app = builder.Build();
        Dapr = dapr;
        Time = time;
        Know(SimulatedHost.Schema);
        Know(LinkedHost.Schema);
    }

    public FakeDapr Dapr { get; }
    public FakeTimeProvider Time { get; }
    public ModelHolder Models => Get<ModelHolder>();
    public EntityRegistry<PredictorState> Registry => Get<EntityRegistry<PredictorState>>();
    public CheckpointLoop<PredictorState> Checkpoints => _app.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<CheckpointLoop<PredictorState>>().Single();

    public IReadOnlyList<PredictionBatch> Predictions => Dapr.Messages(Topics.Predictions, ContractJson.Default.PredictionBatch);
    public IReadOnlyList<Detection> Detections => Dapr.Messages(Topics.Detections, ContractJson.Default.Detection);

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>Puts a model into the store and makes it champion.</summary>
    public async Task PublishAsync(TestModel model)
    {
        await new ModelStore(Dapr.Client(), _cache).SaveAsync(model.Manifest, model.Onnx, TestContext.Current.CancellationToken);
        var json = JsonSerializer.Serialize(model.Info, ContractJson.Default.ModelInfo);
        Dapr.Invoke = (app, path) => app == Apps.Trainer && path == "v1/models/champion?group=any" ? json : null;
        await Models.RefreshAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Puts joint models into the store and makes them the champions of their groups, and of no other.</summary>
    public async Task PublishGroupsAsync(params TestGroup[] groups)
    {
        foreach (var group in groups)
            await new ModelStore(Dapr.Client(), _cache).SaveAsync(group.Manifest, group.Onnx, TestContext.Current.CancellationToken);
        await OfferGroupsAsync([.. groups.Select(group => group.Info)]);
    }

    /// <summary>The trainer says that these are champions, whatever lies in the store.</summary>
    public async Task OfferGroupsAsync(params ModelInfo[] champions)
    {
        var json = JsonSerializer.Serialize(new Page<ModelInfo>([.. champions, TestModel.Shared.Info]), ContractJson.Default.PageModelInfo);
        Dapr.Invoke = (app, path) => app == Apps.Trainer && path == "v1/models/champions" ? json : null;
        await Get<GroupModels>().RefreshAsync(TestContext.Current.CancellationToken);
    }

    public void Know(SeriesSchema schema) => Dapr.State[$"{Components.Schemas}/{schema.Hash}"] =
        (JsonSerializer.SerializeToUtf8Bytes(schema, ContractJson.Default.SeriesSchema), "1");

    /// <summary>Puts a model into the store and makes it challenger of the champion in use; null ends its trial.</summary>
    public async Task ChallengeAsync(TestModel? model, long since = 1)
    {
        string? json = null;
        if (model is not null)
        {
            await new ModelStore(Dapr.Client(), _cache).SaveAsync(model.Manifest, model.Onnx, TestContext.Current.CancellationToken);
            var info = model.Info with { State = ModelState.Challenger, Comparison = new ModelComparison { Against = Models.Current!.Version, Since = since } };
            json = JsonSerializer.Serialize(info, ContractJson.Default.ModelInfo);
        }
        Dapr.Invoke = (app, path) => app == Apps.Trainer && path == "v1/models/challenger?group=any" ? json : null;
        await Get<ChallengerHolder>().RefreshAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>What it tells the trainer of the challenger now.</summary>
    public async Task<ShadowReport?> ReportAsync()
    {
        await Get<ShadowReporter>().ReportAsync(TestContext.Current.CancellationToken);
        return Dapr.Messages(Topics.Control, ContractJson.Default.ControlEvent) is [.., var last] ? last.Shadow : null;
    }

    /// <summary>What it tells the trainer of the champion now.</summary>
    public async Task<IReadOnlyList<ChampionReport>> ChampionReportsAsync()
    {
        Dapr.ClearPublished();
        await Get<ChampionReporter>().ReportAsync(TestContext.Current.CancellationToken);
        return [.. Dapr.Messages(Topics.Control, ContractJson.Default.ControlEvent).Select(message => message.Champion).OfType<ChampionReport>()];
    }

    public Task DeliverAsync(params FeatureBatch[] batches) => Get<FeaturePipeline>().HandleAsync(batches, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        if (Directory.Exists(_cache))
            Directory.Delete(_cache, recursive: true);
    }
}

/// <summary>A simulated host as the stream processor would publish it.</summary>
sealed class FeatureFeed(SimulatedHost host, string entity = "web-1", string producer = "p1")
{
    long _seq;

    public FeatureBatch Next(int ticks = 1)
    {
        var maturity = host.Maturity;
        var list = new List<FeatureTick>();
        for (var i = 0; i < ticks; i++)
            list.Add(host.Next(PredictorRig.T0));
        return new FeatureBatch
        {
            Entity = entity,
            Producer = producer,
            Seq = ++_seq,
            Schema = SimulatedHost.Schema.Hash,
            Spec = Analytics.FeatureSpec.Version,
            CadenceMs = 1000,
            Maturity = maturity,
            Ticks = list,
            Stamps = new Stamps { Received = list[^1].T + 10, Featured = list[^1].T + 15 },
        };
    }
}
