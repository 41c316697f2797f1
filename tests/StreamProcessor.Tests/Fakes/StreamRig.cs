using System.Text.Json;
using Forewarn.Contracts;
using Forewarn.Hosting;
using Forewarn.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Forewarn.StreamProcessor.Tests;

/// <summary>One replica of the stream processor with its real registration, on a sidecar in memory and a clock of the test.</summary>
sealed class StreamRig : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    readonly WebApplication _app;

    public StreamRig(FakeDapr dapr, FakeTimeProvider time, params string[] options)
    {
        var builder = ServiceHost.Create(options, Apps.StreamProcessor);
        builder.AddStreamProcessor();
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddSingleton(dapr.Client());
        builder.Services.AddSingleton(dapr.Generated());
        builder.Services.AddSingleton(dapr.Services());
        _app = builder.Build();
        Dapr = dapr;
        Time = time;
    }

    public FakeDapr Dapr { get; }
    public FakeTimeProvider Time { get; }
    public long Now => Time.GetUtcNow().ToUnixTimeMilliseconds();
    public RawPipeline Pipeline => Get<RawPipeline>();
    public EntityRegistry<EntityState> Registry => Get<EntityRegistry<EntityState>>();
    public CheckpointLoop<EntityState> Checkpoints => Hosted<CheckpointLoop<EntityState>>();
    public SilenceMonitor Silence => Hosted<SilenceMonitor>();

    /// <summary>What runs in the background, to be driven by a test.</summary>
    public T Hosted<T>() => _app.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<T>().Single();

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public Task DeliverAsync(params MetricBatch[] batches) => Pipeline.HandleAsync(batches, TestContext.Current.CancellationToken);

    public IReadOnlyList<FeatureBatch> Features(int cadenceMs = 1000) =>
        [.. Dapr.Messages(Topics.MetricsFeatures, ContractJson.Default.FeatureBatch).Where(batch => batch.CadenceMs == cadenceMs)];

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>Puts a schema where every replica finds it.</summary>
    public static SeriesSchema Schema(FakeDapr dapr, params string[] names)
    {
        var schema = SeriesSchema.Of([.. names.Select(name => SeriesColumn.Of(name, "1"))]);
        dapr.State[$"{Components.Schemas}/{schema.Hash}"] = (JsonSerializer.SerializeToUtf8Bytes(schema, ContractJson.Default.SeriesSchema), "1");
        return schema;
    }

    public static MetricBatch Batch(SeriesSchema schema, long seq, long t, double[] values, string entity = "web-1", string producer = "p1", string source = "host") =>
        new()
        {
            Entity = entity,
            Producer = producer,
            Seq = seq,
            Schema = schema.Hash,
            Source = source,
            Rows = [new MetricRow(t, values)],
            Stamps = new Stamps { Received = t + 20 },
        };
}
