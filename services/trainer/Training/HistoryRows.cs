using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.Trainer;

/// <summary>What was read of history.</summary>
/// <param name="Blocks">Rows by stretch.</param>
/// <param name="Entities">Entities that gave rows.</param>
sealed record HistorySample(IReadOnlyList<RowBlock> Blocks, int Entities)
{
    public static HistorySample Empty { get; } = new([], 0);

    /// <summary>What people said that is to be learned beside the rows.</summary>
    public Lessons Lessons { get; init; } = Lessons.None;
}

/// <summary>Reads a seeded sample of history and turns it into rows, leaving out what <see cref="LeftOut"/> says.</summary>
sealed class HistoryRows(
    HistoryReader history, AbnormalReader abnormal, RegistryStore registry, TrainerOptions options, TimeProvider time)
{
    /// <param name="progress">Told the share of entities read and the rows so far.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="HttpRequestException">History does not answer.</exception>
    public async Task<HistorySample> CollectAsync(Func<double, int, Task> progress, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var since = now - (options.HistoryHours * 3_600_000L);
        var random = new SeededRandom(options.Seed);
        var entities = Choose(await history.EntitiesAsync(cancellationToken), since, random);
        var times = await abnormal.ReadAsync(since, now, cancellationToken);
        var models = await registry.ReadAsync(cancellationToken);
        var blocks = new List<RowBlock>();
        var (rows, used) = (0, 0);
        for (var i = 0; i < entities.Count && rows < options.MaxRows; i++)
        {
            var before = rows;
            var wanted = (options.MaxRows - rows) / BlockPlan.BlockRows / (entities.Count - i);
            await foreach (var block in EntityAsync(entities[i], (since, now), Math.Max(1, wanted), times.Of(entities[i].Entity), random, cancellationToken))
            {
                var kept = Math.Min(block.Count, options.MaxRows - rows);
                if (kept == 0)
                    break;
                blocks.Add(block.Cut(kept).First());
                rows += kept;
            }
            used += rows > before ? 1 : 0;
            await progress((i + 1.0) / entities.Count, rows);
        }
        return new HistorySample(blocks, used) { Lessons = Lessons.From(times.Said, models.ModelOf) };
    }

    // One block per entity at least: with more entities than blocks, a sample of them.
    List<EntityInfo> Choose(List<EntityInfo> entities, long since, SeededRandom random)
    {
        var candidates = entities.Where(entity => entity.LastSeen >= since).OrderBy(entity => entity.Entity, StringComparer.Ordinal).ToList();
        for (var most = Math.Max(1, options.MaxRows / BlockPlan.BlockRows); candidates.Count > most;)
            candidates.RemoveAt(random.NextInt(candidates.Count));
        return candidates;
    }

    async IAsyncEnumerable<RowBlock> EntityAsync(
        EntityInfo entity, (long Since, long Now) window, int wanted, IReadOnlyList<(long, long)> leftOut, SeededRandom random,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (from, to) = (Math.Max(window.Since, entity.FirstSeen), Math.Min(window.Now, entity.LastSeen + 1));
        var cadence = await history.CadenceAsync(entity.Entity, from, to, cancellationToken);
        var replay = new EntityReplay(leftOut);
        foreach (var (start, end) in BlockPlan.Draw(from, to, cadence * BlockPlan.BlockTicks, wanted, random))
        {
            await foreach (var (t, schema, values) in history.SamplesAsync(entity.Entity, start, end, cancellationToken))
                replay.Add(t, schema, values);
            if (replay.Finish() is { } block)
                yield return block;
        }
    }
}
