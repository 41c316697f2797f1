using System.CommandLine;

namespace Forewarn.Simulator;

/// <summary>Which way metrics go: one of three.</summary>
sealed class DoorOptions
{
    /// <summary>Variable with the API key that ingestion asks for beyond loopback.</summary>
    const string KeyVariable = "FOREWARN_API_KEY";

    readonly Option<Uri?> _ingest = new("--ingest")
    {
        Description = "JSON door to send to. Default: that of the running platform, else http://127.0.0.1:7701 or the port in INGESTION__PORT.",
        HelpName = "URL",
        CustomParser = Arguments.ParseAddress,
    };
    readonly Option<Uri?> _otlp = new("--otlp")
    {
        Description = "Send OpenTelemetry's protocol (HTTP, binary) to this address instead, for example http://127.0.0.1:4318.",
        HelpName = "URL",
        CustomParser = Arguments.ParseAddress,
    };
    readonly Option<string?> _kafka = new("--kafka")
    {
        Description = "Send to the topic metrics.external of these Kafka brokers instead, for example 127.0.0.1:9092.",
        HelpName = "HOST:PORT,...",
    };

    public void AddTo(Command command)
    {
        command.Add(_ingest);
        command.Add(_otlp);
        command.Add(_kafka);
        command.Validators.Add(result => Arguments.AddErrorUnless(
            result, new Option[] { _ingest, _otlp, _kafka }.Count(option => result.GetResult(option) is not null) <= 1,
            "--ingest, --otlp and --kafka are ways to send the same: give one."));
        _kafka.Validators.Add(result => Arguments.AddErrorUnless(
            result, result.GetValueOrDefault<string?>() is { } text && text.Split(',').All(IsBroker), "--kafka needs host:port, or several with commas."));
    }

    public Door Door(ParseResult parsed)
    {
        if (parsed.GetValue(_kafka) is { } brokers)
            return new Door(DoorKind.Kafka, brokers);
        var key = Environment.GetEnvironmentVariable(KeyVariable);
        return parsed.GetValue(_otlp) is { } otlp
            ? new Door(DoorKind.Otlp, otlp.ToString(), key)
            : new Door(DoorKind.Json, (parsed.GetValue(_ingest) ?? Default).ToString(), key);
    }

    static Uri Default => Arguments.LocalAddress(
        Environment.GetEnvironmentVariable("FOREWARN_INGEST_URL"), Environment.GetEnvironmentVariable("INGESTION__PORT"), 7701);

    static bool IsBroker(string text) => text.LastIndexOf(':') is > 0 and var colon && ushort.TryParse(text.AsSpan(colon + 1), out var port) && port > 0;
}
