using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;

namespace Forewarn.Trainer;

/// <summary>
/// Reads a seeded sample of a group's history, one group at a time. The newest tenth of each entity's time is set apart: it checks
/// what was learned of the rest.
/// </summary>
sealed class GroupRows(HistoryReader history, TrainerOptions options)
{
    /// <summary>Ticks of one stretch; the first <see cref="JointTraining.Settling"/> give no rows.</summary>
    public const int StretchTicks = 1200;

    /// <summary>One part in so many of an entity's time and rows checks what was learned of the others.</summary>
    const int CheckedPart = 10;

    /// <summary>Ticks that the scale of an entity is taken from which the model does not learn from.</summary>
    const int ScaleTicks = 600;

    /// <summary>Rows without which an entity does not get a scale of its own: it borrows what is typical of its group.</summary>
    const int ScaleRows = JointTraining.MinRows;

    /// <summary>All scales together lie in the model's file; entities beyond borrow, too.</summary>
    const long MostScaleBytes = 16 * 1024 * 1024;

    const int ScaleBytesPerMetric = 3 * sizeof(float) * JointRow.Count;

    /// <param name="group">The group.</param>
    /// <param name="window">Event time to read, unix milliseconds.</param>
    /// <param name="abnormal">What gives no rows.</param>
    /// <param name="progress">Told the share of entities read.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="HttpRequestException">History does not answer.</exception>
    public async Task<GroupSample> ReadAsync(
        EntityGroup group, (long From, long To) window, AbnormalTimes abnormal, Func<double, Task> progress, CancellationToken cancellationToken)
    {
        var random = new SeededRandom(options.Seed);
        var chosen = Choose(group.Entities, random);
        var sources = new List<Source>();
        foreach (var entity in chosen)
            sources.Add(await SourceAsync(entity, window, cancellationToken));
        var stride = (int)Math.Clamp(sources.Sum(source => source.Ticks) / options.GroupMaxRows, 1, EntityReplay.Stride);
        var mostScales = (int)Math.Min(JointFile.MaxEntities, MostScaleBytes / (group.Schema.Columns.Count * ScaleBytesPerMetric));
        var others = group.Entities.Except(chosen).Take(mostScales - chosen.Count).ToList();
        var (samples, scalings) = (new List<EntitySample>(), new List<(string, JointScaling)>());
        for (var i = 0; i < sources.Count; i++)
        {
            var sample = await SampleAsync(group.Schema, sources[i], stride, options.GroupMaxRows / chosen.Count, abnormal, random, cancellationToken);
            if (sample.Past.Count >= ScaleRows)
                samples.Add(sample);
            await progress((i + 1.0) / (chosen.Count + others.Count));
        }
        for (var i = 0; i < others.Count; i++)
        {
            if (await ScalingAsync(group.Schema, others[i], window, abnormal, cancellationToken) is { } scaling)
                scalings.Add((others[i].Entity, scaling));
            await progress((chosen.Count + i + 1.0) / (chosen.Count + others.Count));
        }
        return new GroupSample(group.Schema, stride, samples, scalings);
    }

    List<EntityInfo> Choose(IReadOnlyList<EntityInfo> entities, SeededRandom random)
    {
        var chosen = entities.ToList();
        while (chosen.Count > options.GroupEntities)
            chosen.RemoveAt(random.NextInt(chosen.Count));
        return chosen;
    }

    async Task<Source> SourceAsync(EntityInfo entity, (long From, long To) window, CancellationToken cancellationToken)
    {
        var (from, to) = (Math.Max(window.From, entity.FirstSeen), Math.Min(window.To, entity.LastSeen + 1));
        return new Source(entity.Entity, from, to, await history.CadenceAsync(entity.Entity, from, to, cancellationToken));
    }

    async Task<EntitySample> SampleAsync(
        SeriesSchema schema, Source source, int stride, int mostRows, AbnormalTimes abnormal, SeededRandom random, CancellationToken cancellationToken)
    {
        var leftOut = abnormal.Of(source.Entity);
        var newest = source.To - ((source.To - source.From) / CheckedPart);
        var stretches = Math.Max(1, mostRows * stride / (StretchTicks - JointTraining.Settling));
        var past = await ReplayAsync(
            source.Entity, new GroupReplay(schema, leftOut, stride), BlockPlan.Draw(source.From, newest, source.CadenceMs * StretchTicks, stretches, random), cancellationToken);
        // Windows fill with what was learned from already; the rows are all behind it.
        var checkedTicks = Math.Min(mostRows / (CheckedPart - 1), (source.To - newest) / source.CadenceMs);
        var start = Math.Max(source.From, source.To - ((checkedTicks + JointTraining.Settling) * source.CadenceMs));
        var unseen = await ReplayAsync(source.Entity, new GroupReplay(schema, leftOut, stride: 1), [(start, source.To)], cancellationToken);
        return new EntitySample(source.Entity, source.CadenceMs, past, unseen);
    }

    async Task<JointScaling?> ScalingAsync(
        SeriesSchema schema, EntityInfo entity, (long From, long To) window, AbnormalTimes abnormal, CancellationToken cancellationToken)
    {
        var source = await SourceAsync(entity, window, cancellationToken);
        var start = Math.Max(source.From, source.To - ((ScaleTicks + JointTraining.Settling) * source.CadenceMs));
        var rows = await ReplayAsync(entity.Entity, new GroupReplay(schema, abnormal.Of(entity.Entity), stride: 1), [(start, source.To)], cancellationToken);
        return rows.Count < ScaleRows ? null : JointScaling.Of(rows.Rows, schema.Columns.Count, GroupModels.Options.LeastScale);
    }

    async Task<TimedRows> ReplayAsync(string entity, GroupReplay replay, IReadOnlyList<(long From, long To)> stretches, CancellationToken cancellationToken)
    {
        foreach (var (start, end) in stretches)
        {
            await foreach (var (t, columns, values) in history.SamplesAsync(entity, start, end, cancellationToken))
                replay.Add(t, columns, values);
            replay.EndStretch();
        }
        return new TimedRows(replay.Rows(), replay.Times);
    }

    /// <summary>An entity's time to read.</summary>
    readonly record struct Source(string Entity, long From, long To, long CadenceMs)
    {
        public long Ticks => Math.Max(0, To - From) / CadenceMs;
    }
}
