namespace Forewarn.Ingestion.Tests;

/// <summary>Something that takes any bytes and must neither throw nor hang, nor break what it promises.</summary>
interface IFuzzTarget
{
    string Name { get; }

    /// <summary>Takes one input.</summary>
    void Run(ReadOnlySpan<byte> input);

    /// <summary>Inputs that are in order, to be mutated.</summary>
    IReadOnlyList<byte[]> Corpus { get; }
}
