namespace Forewarn.Bench.Ingest;

/// <summary>A door, and bodies for it.</summary>
/// <param name="Name">For people.</param>
/// <param name="Bodies">As they come over the network.</param>
/// <param name="Unpack">What no reader can do without: decompresses a body and looks at each byte that comes out; returns their number.</param>
/// <param name="Take">Reads a body into samples, whose number it returns.</param>
/// <param name="Publish">Reads a body into what is published.</param>
/// <param name="Bar">Samples a second on one core at least; null for none.</param>
sealed record DoorCase(string Name, IReadOnlyList<byte[]> Bodies, Func<byte[], int> Unpack, Func<byte[], int> Take, Action<byte[]> Publish, double? Bar);
