namespace Forewarn.Compliance;

/// <summary>
/// Dapr outside this process: a sidecar that runs already, or daprd from a folder, one process per app, with placement and
/// scheduler, which start with the first test and end with the last.
/// </summary>
public sealed class DaprTarget : ITarget, IAsyncDisposable
{
    readonly DaprPlace _place;
    readonly SemaphoreSlim _start = new(1);
    readonly SemaphoreSlim _running = new(1);
    readonly KafkaFixture _kafka = new();
    DaprControlPlane? _control;

    public DaprTarget()
        : this(DaprPlace.From(Environment.GetEnvironmentVariable), isDapr: true)
    {
    }

    internal DaprTarget(DaprPlace place, bool isDapr) => (_place, IsDapr) = (place, isDapr);

    public bool IsDapr { get; }

    public bool TakesSlashesInTopics => Environment.GetEnvironmentVariable("KAFKA_BROKERS") is null or "";

    /// <summary>For the constructor of a class, so that its tests do nothing where there is no Dapr.</summary>
    public DaprTarget OrSkip()
    {
        Assert.SkipWhen(_place.Missing is not null, _place.Missing ?? "");
        return this;
    }

    public async Task<IWorld> StartAsync(string yaml = World.Standard, TimeSpan? blockShutdown = null)
    {
        OrSkip();
        if (_place.Running is { } sidecar)
        {
            Assert.SkipUnless(blockShutdown is null, "the sidecar that runs has its own way to shut down");
            return await RunningWorld.StartAsync(sidecar, yaml, _running);
        }

        return new DaprWorld(Path.Combine(_place.Folder!, "daprd"), await StartControlPlaneAsync(), _kafka.Settings, yaml) { BlockShutdown = blockShutdown };
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _control, null) is { } control)
        {
            await control.DisposeAsync();
            await _kafka.DisposeAsync();
        }

        _start.Dispose();
        _running.Dispose();
    }

    /// <summary>
    /// The broker is that of KAFKA_BROKERS, else librdkafka's mock. Whether Sarama, daprd's client, works with the mock has not been
    /// tried. <c>pubsub.in-memory</c> would need no broker, but has neither redelivery nor partitions, which half the cases are about.
    /// </summary>
    async Task<DaprControlPlane> StartControlPlaneAsync()
    {
        await _start.WaitAsync();
        try
        {
            if (_control is null)
            {
                await _kafka.InitializeAsync();
                _control = await DaprControlPlane.StartAsync(_place.Folder!);
            }

            return _control;
        }
        finally
        {
            _start.Release();
        }
    }
}
