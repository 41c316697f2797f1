namespace Forewarn.Ingestion.Tests;

public sealed class JsonTarget : IFuzzTarget
{
    readonly IngestionOptions _options = new();
    readonly ShapeCache _shapes = new();

    public string Name => "json";

    public IReadOnlyList<byte[]> Corpus { get; } =
    [
        """{"entity":"web-1","series":[{"name":"queue.length","unit":"{item}","labels":{"queue":"mail"},"limit":1000}],"rows":[{"t":1800000000000,"values":[17]},{"t":1800000001000,"values":[null]}]}"""u8.ToArray(),
        """[{"entity":"a","series":[{"name":"x","type":"counter"},{"name":"y"}],"rows":[{"values":[1.5e3,-0]}]},{"entity":"b","series":[],"rows":[]}]"""u8.ToArray(),
        """{"entity":"web-1","attributes":{"k8s.node.name":"node-7","host.rack":"r"},"series":[{"name":"x"}],"rows":[{"values":[1]}]}"""u8.ToArray(),
    ];

    public IReadOnlyList<byte[]> Tokens { get; } =
        [.. new[] { "{", "}", "[", "]", ",", ":", "\"entity\"", "\"series\"", "\"rows\"", "\"values\"", "\"attributes\"", "\"t\"", "null", "true", "\\u0000", "\\ud800", "{}", "[]", "[[" }.Select(System.Text.Encoding.UTF8.GetBytes)];

    public void Run(ReadOnlySpan<byte> input) => ExternalReader.Read(input, "json", 1_800_000_000_000, _options, _shapes, out _);
}
