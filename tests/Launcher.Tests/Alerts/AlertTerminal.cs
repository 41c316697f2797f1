using Forewarn.Launcher.Commands;
using Forewarn.Launcher.Commands.Alerts;
using Microsoft.Extensions.Time.Testing;

namespace Forewarn.Launcher.Tests.Alerts;

/// <summary>A gateway that answers what it was told to, and a terminal that can be read.</summary>
sealed class AlertTerminal : IDisposable
{
    public const long Now = 1767225600000;

    readonly TestTerminal _terminal = new();
    readonly GatewayClient _client;

    public AlertTerminal()
    {
        _client = new GatewayClient(Gateway.Address);
        Desk = new AlertDesk(_client, _terminal.Terminal, AsJson: false, new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(Now)));
    }

    public FakeGateway Gateway { get; } = new();
    public AlertDesk Desk { get; }
    public IReadOnlyList<string> Lines => _terminal.Lines;

    /// <summary>The cells of the one line of a table that has a text.</summary>
    public string[] Row(string text) =>
        [.. Lines.Single(line => line.Contains(text, StringComparison.Ordinal)).Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    public void Dispose()
    {
        _client.Dispose();
        Gateway.Dispose();
    }
}
