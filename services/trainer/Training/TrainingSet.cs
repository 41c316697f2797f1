using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Forewarn.Analytics;
using Forewarn.Models;

namespace Forewarn.Trainer;

/// <summary>Rows to fit and rows held out. Neighbouring rows resemble each other, so whole stretches are held out, not single rows.</summary>
sealed record TrainingSet(float[] Fit, float[] HeldOut, TrainingRecord Record)
{
    /// <summary>A generated machine gives this many rows; one is fitted or held out as a whole.</summary>
    const int GeneratedStretch = 300;

    /// <summary>Rows 4 s apart: about seven minutes.</summary>
    const int HistoryStretch = 100;

    const double HeldOutShare = 0.2;

    public int FitRows => Fit.Length / RowSpec.Count;

    public int HeldOutRows => HeldOut.Length / RowSpec.Count;

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
        var heldOut = UpTo(all, (int)(HeldOutShare * all.Sum(stretch => stretch.Count))).ToArray();
        var (fit, held) = (Join(all.AsSpan(heldOut.Length)), Join(heldOut));
        return new TrainingSet(fit, held, new TrainingRecord
        {
            Source = measured == 0 ? "generated" : missing > 0 ? "history+generated" : "history",
            Rows = (fit.Length + held.Length) / RowSpec.Count,
            HistoryRows = measured,
            Entities = history.Entities,
            From = history.Blocks.Min(block => block.From),
            To = history.Blocks.Max(block => block.To),
            Seed = seed,
            DataHash = Hash(fit, held),
        });
    }

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

    static float[] Join(ReadOnlySpan<RowBlock> blocks)
    {
        var length = 0;
        foreach (var block in blocks)
            length += block.Rows.Length;
        var rows = new float[length];
        var at = 0;
        foreach (var block in blocks)
        {
            block.Rows.CopyTo(rows.AsMemory(at));
            at += block.Rows.Length;
        }
        return rows;
    }

    static string Hash(float[] fit, float[] heldOut)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(fit.AsSpan()));
        hash.AppendData(MemoryMarshal.AsBytes(heldOut.AsSpan()));
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }
}
