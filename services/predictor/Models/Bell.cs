namespace Forewarn.Predictor;

/// <summary>A pause that an announcement ends early.</summary>
sealed class Bell : IDisposable
{
    readonly SemaphoreSlim _rung = new(0, 1);

    public void Ring()
    {
        try
        {
            _rung.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody rang already and nobody has looked since: one look answers both.
        }
    }

    public async Task WaitAsync(TimeSpan longest, TimeProvider time, CancellationToken cancellationToken)
    {
        using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(Task.Delay(longest, time, pause.Token), _rung.WaitAsync(pause.Token));
        await pause.CancelAsync();
    }

    public void Dispose() => _rung.Dispose();
}
