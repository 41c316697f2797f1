using System.Net.Http.Json;
using Forewarn.Testing;

namespace Forewarn.Bench.Alert;

/// <summary>Debian's Alertmanager, set to tell the same webhook as soon as it can.</summary>
sealed class AlertmanagerPeer : IAsyncDisposable
{
    readonly AlertmanagerProgram _program;

    AlertmanagerPeer(AlertmanagerProgram program, string version) => (_program, Version) = (program, version);

    public string Version { get; }

    /// <returns>Null where there is none.</returns>
    public static async Task<AlertmanagerPeer?> TryStartAsync(Uri webhook)
    {
        var program = await AlertmanagerProgram.TryStartAsync($"""
            route:
              receiver: hook
              group_by: ['...']
              group_wait: 0s
            receivers:
            - name: hook
              webhook_configs:
              - url: {webhook}
            """);
        return program is null ? null : new AlertmanagerPeer(program, await program.VersionAsync());
    }

    public async Task PostAsync(string name)
    {
        using var response = await _program.Http.PostAsJsonAsync("/api/v2/alerts", new[] { new { labels = new { alertname = name } } });
        response.EnsureSuccessStatusCode();
    }

    public ValueTask DisposeAsync() => _program.DisposeAsync();
}
