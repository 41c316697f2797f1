using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Forewarn.Analytics;
using Forewarn.Models;

namespace Forewarn.Trainer;

/// <summary>
/// Rows in folds for cross-calibration. Neighbouring rows resemble each other, so whole stretches go into one fold, never
/// single rows.
/// </summary>
/// <param name="Rows">Row-major, <see cref="RowSpec.Count"/> wide, fold after fold.</param>
/// <param name="FoldEnds">Index of the row behind each fold, ascending.</param>
/// <param name="Record">Where the rows come from.</param>
sealed record TrainingSet(float[] Rows, IReadOnlyList<int> FoldEnds, TrainingRecord Record)
{
    const int Folds = 5;

    /// <summary>A generated machine gives this many rows, and is in one fold as a whole.</summary>
    const int GeneratedStretch = 210;

    /// <summary>Rows 4 s apart: about seven minutes.</summary>
    const int HistoryStretch = 100;

    public int RowCount => Rows.Length / RowSpec.Count;

    /// <summary>
    /// Rows that raised false alarms, each once. Every fold's model is taught them, so that they calibrate as what they have
    /// become: known behaviour. They count once there, or a few words would stretch the tail for every host.
    /// </summary>
    public float[] Lessons { get; init; } = [];

    public int LessonCount => Lessons.Length / RowSpec.Count;

    /// <summary>How often each lesson is put among the rows that a model is trained on.</summary>
    public int LessonCopies { get; init; }

    /// <summary>All that a model is trained on, lessons first: what a recipe holds out at the end are plain rows.</summary>
    public float[] ForTraining() => Together(Lessons, LessonCopies, Rows);

    /// <summary>
    /// Takes all of history and, where it is shorter than <paramref name="minRows"/>, fills up with generated rows; without
    /// any history all generated rows. The same input and seed give the same set.
    /// </summary>
    public static TrainingSet Build(HistorySample history, TrainingRows generated, int minRows, int seed)
    {
        var random = new SeededRandom(seed);
        var stretches = history.Blocks.SelectMany(block => block.Cut(HistoryStretch)).ToList();
        var measured = stretches.Sum(stretch => stretch.Count);
        var missing = measured == 0 ? generated.RowCount : minRows - measured;
        var machines = new RowBlock(generated.Rows.AsMemory(0, generated.RowCount * RowSpec.Count)).Cut(GeneratedStretch).ToArray();
        Shuffle(machines, random);
        stretches.AddRange(UpTo(machines, missing));

        var all = stretches.ToArray();
        Shuffle(all, random);
        var (rows, foldEnds) = Join(all);
        var (taught, copies) = history.Lessons.Weigh(rows.Length / RowSpec.Count);
        float[] lessons = [.. history.Lessons.FalseAlarms.Take(taught).SelectMany(row => row)];
        var trained = Together(lessons, copies, rows);
        return new TrainingSet(rows, foldEnds, new TrainingRecord
        {
            Source = measured == 0 ? "generated" : missing > 0 ? "history+generated" : "history",
            Rows = trained.Length / RowSpec.Count,
            HistoryRows = measured,
            Entities = history.Entities,
            From = history.Blocks.Min(block => block.From),
            To = history.Blocks.Max(block => block.To),
            Seed = seed,
            DataHash = Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(trained.AsSpan())).AsSpan(0, 8)),
            Feedback = history.Lessons.IsEmpty ? null : new FeedbackRecord(taught, copies, history.Lessons.Useful, history.Lessons.Missed),
        })
        {
            Lessons = lessons,
            LessonCopies = copies,
        };
    }

    /// <summary>Rows of a fold: first and behind the last.</summary>
    public (int Start, int End) Fold(int fold) => (fold == 0 ? 0 : FoldEnds[fold - 1], FoldEnds[fold]);

    /// <summary>A copy of all that a model is trained on but the rows of a fold.</summary>
    public float[] Without(int fold)
    {
        var (start, end) = Fold(fold);
        return Together(Lessons, LessonCopies, [.. Rows.AsSpan(0, start * RowSpec.Count), .. Rows.AsSpan(end * RowSpec.Count)]);
    }

    static float[] Together(float[] lessons, int copies, float[] rows) => [.. Enumerable.Repeat(lessons, copies).SelectMany(row => row), .. rows];

    static IEnumerable<RowBlock> UpTo(IEnumerable<RowBlock> stretches, int rows)
    {
        foreach (var stretch in stretches)
        {
            if (rows <= 0)
                yield break;
            rows -= stretch.Count;
            yield return stretch;
        }
    }

    static void Shuffle(RowBlock[] blocks, SeededRandom random)
    {
        for (var i = blocks.Length - 1; i > 0; i--)
        {
            var other = random.NextInt(i + 1);
            (blocks[i], blocks[other]) = (blocks[other], blocks[i]);
        }
    }

    // A fold ends with the stretch that fills it; the last takes what remains.
    static (float[] Rows, int[] FoldEnds) Join(RowBlock[] stretches)
    {
        var total = stretches.Sum(stretch => stretch.Count);
        var rows = new float[total * RowSpec.Count];
        var ends = new List<int>(Folds);
        var at = 0;
        foreach (var stretch in stretches)
        {
            stretch.Rows.CopyTo(rows.AsMemory(at * RowSpec.Count));
            at += stretch.Count;
            if (ends.Count < Folds - 1 && at >= (long)total * (ends.Count + 1) / Folds)
                ends.Add(at);
        }
        if (ends.Count == 0 || ends[^1] < total)
            ends.Add(total);
        return (rows, [.. ends]);
    }
}
