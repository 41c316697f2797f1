using System.Collections.Concurrent;
using Forewarn.Analytics;

namespace Forewarn.Trainer;

/// <summary>Rows of generated normal behaviour, made once for a seed: a second or two of work, a megabyte to keep.</summary>
sealed class GeneratedRows
{
    readonly ConcurrentDictionary<int, Lazy<TrainingRows>> _rows = new();

    public TrainingRows Of(int seed) => _rows.GetOrAdd(seed, static seed => new(() => NormalBehaviour.FirstTrainingRows(seed))).Value;
}
