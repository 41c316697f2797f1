using System.Security.Cryptography;
using System.Text;
using Dapr.Client;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Actions;

/// <summary>
/// What links are signed with: <c>ALERTING__SIGNINGKEY</c>, else a key that the first replica draws and all find in the state store.
/// </summary>
sealed class SigningKey(DaprClient dapr, AlertingOptions options) : IDisposable
{
    const string StateKey = "link-key";
    const int Bytes = 32;

    readonly SemaphoreSlim _one = new(1, 1);
    byte[]? _key = string.IsNullOrEmpty(options.SigningKey) ? null : SHA256.HashData(Encoding.UTF8.GetBytes(options.SigningKey));

    /// <exception cref="Dapr.DaprException">The state store does not answer.</exception>
    public async ValueTask<byte[]> GetAsync(CancellationToken cancellationToken)
    {
        if (_key is { } known)
            return known;
        await _one.WaitAsync(cancellationToken);
        try
        {
            return _key ??= await FindAsync(cancellationToken) ?? await DrawAsync(cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    async Task<byte[]?> FindAsync(CancellationToken cancellationToken) =>
        await dapr.GetStateAsync<string?>(Components.State, StateKey, cancellationToken: cancellationToken) is { Length: > 0 } stored ? Convert.FromHexString(stored) : null;

    async Task<byte[]> DrawAsync(CancellationToken cancellationToken)
    {
        // Two replicas that start together both draw; the first write holds, and both use what was written.
        var drawn = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));
        await dapr.TrySaveStateAsync(
            Components.State, StateKey, drawn, "", new StateOptions { Concurrency = ConcurrencyMode.FirstWrite }, cancellationToken: cancellationToken);
        return await FindAsync(cancellationToken) ?? throw new TimeoutException("The key for links was written and is not there.");
    }
}
