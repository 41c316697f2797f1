namespace Forewarn.Ingestion.Tests;

/// <summary>A parser that gets bytes from outside. Whatever they are, it must neither throw nor hang nor take memory without measure.</summary>
public interface IFuzzTarget
{
    string Name { get; }

    /// <summary>Valid inputs to begin from.</summary>
    IReadOnlyList<byte[]> Corpus { get; }

    /// <summary>Pieces that mean something to the parser.</summary>
    IReadOnlyList<byte[]> Tokens => [];

    void Run(ReadOnlySpan<byte> input);
}
