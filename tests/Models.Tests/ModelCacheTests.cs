namespace Forewarn.Models.Tests;

public sealed class ModelCacheTests : IDisposable
{
    readonly string _directory = Path.Combine(Path.GetTempPath(), $"forewarn-cache-{Guid.NewGuid():N}");

    [Fact]
    public async Task What_was_written_is_read_and_leaves_no_other_file()
    {
        var cache = new ModelCache(_directory);
        var manifest = Manifests.Of([1, 2, 3]);
        (await cache.ReadAsync(manifest, TestContext.Current.CancellationToken)).ShouldBeNull();
        await cache.WriteAsync(manifest, [1, 2, 3], TestContext.Current.CancellationToken);

        (await cache.ReadAsync(manifest, TestContext.Current.CancellationToken)).ShouldBe([1, 2, 3]);
        Directory.GetFiles(_directory).Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_file_changed_on_disk_is_not_used_and_can_be_replaced()
    {
        var cache = new ModelCache(_directory);
        var manifest = Manifests.Of([1, 2, 3]);
        await cache.WriteAsync(manifest, [1, 2, 3], TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(Directory.GetFiles(_directory)[0], [1, 2, 4], TestContext.Current.CancellationToken);
        (await cache.ReadAsync(manifest, TestContext.Current.CancellationToken)).ShouldBeNull();

        await cache.WriteAsync(manifest, [1, 2, 3], TestContext.Current.CancellationToken);
        (await cache.ReadAsync(manifest, TestContext.Current.CancellationToken)).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task A_directory_that_cannot_be_made_only_means_no_cache()
    {
        Directory.CreateDirectory(_directory);
        var file = Path.Combine(_directory, "file");
        await File.WriteAllBytesAsync(file, [0], TestContext.Current.CancellationToken);
        var cache = new ModelCache(Path.Combine(file, "below"));
        await cache.WriteAsync(Manifests.Of([1]), [1], TestContext.Current.CancellationToken);

        (await cache.ReadAsync(Manifests.Of([1]), TestContext.Current.CancellationToken)).ShouldBeNull();
    }

    public void Dispose()
    {
        if (Directory.Exists(_directory))
            Directory.Delete(_directory, recursive: true);
    }
}
