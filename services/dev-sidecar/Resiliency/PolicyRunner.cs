namespace DevSidecar.Resiliency;

/// <summary>Runs an outbound call under its policy: each attempt within the time-out, outages tried again.</summary>
static class PolicyRunner
{
    /// <summary>A time-out is always worth another attempt, other failures only when <paramref name="isOutage"/> says so.</summary>
    /// <exception cref="TimeoutException">The last attempt took longer than the policy allows.</exception>
    public static async Task<T> RunAsync<T>(
        Policy policy, Func<CancellationToken, Task<T>> call, Func<Exception, bool> isOutage, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var retries = 0; ; retries++)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            try
            {
                return policy.Timeout is { } timeout
                    ? await call(limit.Token).WaitAsync(timeout, time, cancellationToken)
                    : await call(limit.Token);
            }
            catch (Exception e) when ((e is TimeoutException || isOutage(e)) && policy.Retry is { } retry && !retry.Exhausted(retries))
            {
                await limit.CancelAsync();
                await Task.Delay(retry.Delay(retries), time, cancellationToken);
            }
        }
    }
}
