using CsCheck;
using DevSidecar.DurableLog;
using Microsoft.Extensions.Time.Testing;

namespace DevSidecar.Tests;

public sealed class EmbeddedLogTests
{
    [Fact]
    public async Task Records_come_back_in_order_with_key_headers_and_offsets()
    {
        using var folder = new Folder();
        await using var log = folder.Open();
        var topic = log.Topic("t");
        await log.AppendAsync(topic, [Records.Of(1, "a", "k"), Records.Of(2, "b"), Records.Of(1, "c")]);
        var records = log.Read(topic.Partitions[1], 0, 10);
        records.Select(r => r.Text()).ShouldBe(["a", "c"]);
        records.Select(r => r.Offset).ShouldBe([0, 1]);
        records[0].Key.ShouldBe("k");
        records[1].Key.ShouldBeNull();
        records[0].Header("H").ShouldBe("v");
    }

    [Fact]
    public async Task What_was_acknowledged_survives_a_kill()
    {
        using var folder = new Folder();
        var crashed = folder.Open();
        var topic = crashed.Topic("t");
        for (var i = 0; i < 50; i++)
        {
            await crashed.AppendAsync(topic, [Records.Of(i % 4, $"{i}")]);
        }

        crashed.SetPosition("g", topic.Partitions[0], 5, transient: false);
        await crashed.FlushPositionsAsync();

        // A copy of the files while they are open is what a killed process leaves behind.
        foreach (var file in Directory.GetFiles(folder.Path, "log.db*"))
        {
            using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var target = File.Create(file.Replace("log.db", "copy.db", StringComparison.Ordinal));
            await source.CopyToAsync(target, TestContext.Current.CancellationToken);
        }

        File.Delete(Path.Combine(folder.Path, "copy.db-shm"));
        await using (var recovered = folder.Open(name: "copy.db"))
        {
            var again = recovered.Topic("t");
            Enumerable.Range(0, 4).SelectMany(p => recovered.Read(again.Partitions[p], 0, 100)).Select(r => int.Parse(r.Text(), System.Globalization.CultureInfo.InvariantCulture)).Order()
                .ShouldBe(Enumerable.Range(0, 50));
            recovered.Position("g", again.Partitions[0]).ShouldBe(5);
            await recovered.AppendAsync(again, [Records.Of(0, "next")]);
            again.Partitions[0].Next.ShouldBe(topic.Partitions[0].Next + 1);
        }

        await crashed.DisposeAsync();
    }

    [Fact]
    public async Task What_left_memory_is_read_from_disk()
    {
        using var folder = new Folder();
        await using var log = folder.Open(tailBytes: 500);
        var topic = log.Topic("t");
        for (var i = 0; i < 40; i++)
        {
            await log.AppendAsync(topic, [Records.Of(0, $"{i}"), Records.Of(1, $"other {i}")]);
        }

        topic.Partitions[0].TimeOf(0).ShouldBeNull();
        log.Read(topic.Partitions[0], 0, 100).Select(r => r.Text()).ShouldBe(Enumerable.Range(0, 40).Select(i => $"{i}"));
        log.Read(topic.Partitions[0], 17, 3).Select(r => r.Offset).ShouldBe([17, 18, 19]);
        log.Read(topic.Partitions[0], 40, 3).ShouldBeEmpty();
    }

    [Fact]
    public async Task Age_deletes_whatever_is_old_and_offsets_go_on()
    {
        using var folder = new Folder();
        var time = new FakeTimeProvider(new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using (var log = folder.Open(time))
        {
            var topic = log.Topic("t");
            await log.AppendAsync(topic, [Records.Of(0, "old"), Records.Of(0, "old too")]);
            log.SetPosition("slow", topic.Partitions[0], 0, transient: false);
            time.Advance(TimeSpan.FromHours(25));
            await Eventually.TrueAsync(() => topic.Partitions[0].Start == 2, "the old records are deleted, read or not");
            log.Read(topic.Partitions[0], 0, 10).ShouldBeEmpty();
            log.Bytes.ShouldBe(0);
        }

        await using var reopened = folder.Open(time);
        await reopened.AppendAsync(reopened.Topic("t"), [Records.Of(0, "new")]);
        reopened.Read(reopened.Topic("t").Partitions[0], 0, 10).Single().Offset.ShouldBe(2);
    }

    [Fact]
    public async Task Size_deletes_only_what_every_group_has_read_and_then_publishing_fails()
    {
        using var folder = new Folder();
        await using var log = folder.Open(retentionBytes: 100_000);
        var topic = log.Topic("t");
        log.SetPosition("slow", topic.Partitions[0], 0, transient: false);
        var kilobyte = new string('x', 1000);
        var error = await Should.ThrowAsync<LogUnavailableException>(async () =>
        {
            for (var i = 0; i < 200; i++)
            {
                await log.AppendAsync(topic, [Records.Of(0, kilobyte)]);
            }
        });
        error.Message.ShouldContain("full");
        topic.Partitions[0].Start.ShouldBe(0);
        log.SetPosition("slow", topic.Partitions[0], topic.Partitions[0].Next, transient: false);
        for (var i = 0; i < 200; i++)
        {
            await log.AppendAsync(topic, [Records.Of(1, kilobyte)]);
        }

        topic.Partitions[0].Start.ShouldBeGreaterThan(0);
        log.Bytes.ShouldBeLessThanOrEqualTo(100_000 + 2_000);
    }

    [Fact]
    public async Task A_record_above_the_limit_is_refused_and_nothing_is_appended()
    {
        using var folder = new Folder();
        await using var log = folder.Open();
        var topic = log.Topic("t");
        await Should.ThrowAsync<LogUnavailableException>(() => log.AppendAsync(topic, [new(0, null, [], new byte[5 * 1024 * 1024])]));
        topic.Partitions[0].Next.ShouldBe(0);
    }

    [Fact]
    public void A_chunk_decodes_to_what_was_encoded() =>
        Gen.Select(Gen.Int[0, 1 << 20], Gen.Long[0, long.MaxValue], Gen.String.Null(), Gen.Dictionary(Gen.String, Gen.String)[0, 3], Gen.Byte.Array).List[0, 20].Sample(records =>
        {
            var writer = new System.Buffers.ArrayBufferWriter<byte>();
            foreach (var (tp, offset, key, headers, value) in records)
            {
                ChunkCodec.Write(writer, tp, new(offset, 42, key, [.. headers], value));
            }

            var decoded = ChunkCodec.Decode(writer.WrittenMemory);
            return decoded.Count == records.Count && decoded.Zip(records).All(p =>
                p.First.TopicPartition == p.Second.Item1 && p.First.Record.Offset == p.Second.Item2 && p.First.Record.TimeMs == 42
                && Normal(p.First.Record.Key) == Normal(p.Second.Item3)
                && p.First.Record.Headers.Select(h => Normal(h.Value)).SequenceEqual(p.Second.Item4.Values.Select(Normal))
                && p.First.Record.Value.Span.SequenceEqual(p.Second.Item5));
        });

    /// <summary>Lone surrogates cannot be UTF-8; they become the replacement character.</summary>
    static string? Normal(string? text) => text is null ? null : System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
}
