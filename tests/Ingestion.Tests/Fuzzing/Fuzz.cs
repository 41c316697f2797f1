namespace Forewarn.Ingestion.Tests;

/// <summary>Feeds a target with its corpus, mutated: bytes changed, cut, doubled, moved and taken from other inputs.</summary>
static class Fuzz
{
    /// <summary>Runs so many inputs; the same seed gives the same ones.</summary>
    public static void Run(IFuzzTarget target, int inputs, int seed)
    {
        var random = new Random(seed);
        foreach (var sound in target.Corpus)
            target.Run(sound);
        for (var i = 0; i < inputs; i++)
        {
            var input = Mutated(target.Corpus, random);
            try
            {
                target.Run(input);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"{target.Name}, input {i} of seed {seed}: {Convert.ToHexString(input)}", failure);
            }
        }
    }

    static byte[] Mutated(IReadOnlyList<byte[]> corpus, Random random)
    {
        var input = corpus[random.Next(corpus.Count)].ToList();
        for (var steps = random.Next(1, 6); steps > 0; steps--)
        {
            var at = random.Next(input.Count + 1);
            var length = Math.Min(random.Next(1, 16), input.Count - at);
            switch (random.Next(6))
            {
                case 0 when at < input.Count:
                    input[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 when at < input.Count:
                    input[at] = (byte)random.Next(256);
                    break;
                case 2:
                    input.RemoveRange(at, length);
                    break;
                case 3:
                    input.InsertRange(at, input.GetRange(at, length));
                    break;
                case 4:
                    input.RemoveRange(at, input.Count - at);
                    break;
                default:
                    var other = corpus[random.Next(corpus.Count)];
                    var from = random.Next(other.Length + 1);
                    input.InsertRange(at, other.AsSpan(from, Math.Min(random.Next(1, 32), other.Length - from)).ToArray());
                    break;
            }
        }
        return [.. input];
    }
}
