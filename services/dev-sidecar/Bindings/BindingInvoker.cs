using DevSidecar.Api;
using Grpc.Core;

namespace DevSidecar.Bindings;

/// <summary>Calls an output binding with its outbound policy and metrics.</summary>
static class BindingInvoker
{
    public static async Task<BindingAnswer> InvokeAsync(AppSidecar sidecar, string name, BindingCall call, CancellationToken cancellationToken)
    {
        if (!sidecar.Components.Bindings.TryGetValue(name, out var binding))
        {
            throw Failed(name, $"couldn't find output binding {name}");
        }

        if (!binding.Operations.Contains(call.Operation, StringComparer.Ordinal))
        {
            throw Failed(name, $"binding {name} does not support operation '{call.Operation}'. supported operations: {string.Join(' ', binding.Operations)}");
        }

        var policy = sidecar.Runtime.Policies.Outbound(name);
        var started = sidecar.Time.GetTimestamp();
        var success = false;
        try
        {
            for (var retries = 0; ; retries++)
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                if (policy.Timeout is { } timeout)
                {
                    limit.CancelAfter(timeout);
                }

                try
                {
                    var answer = await binding.InvokeAsync(call, limit.Token);
                    success = true;
                    return answer;
                }
                catch (Exception e) when (e is BindingException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
                {
                    if (policy.Retry is not { } retry || retry.Exhausted(retries))
                    {
                        throw Failed(name, e is BindingException ? e.Message : "timed out");
                    }

                    await Task.Delay(retry.Delay(retries), sidecar.Time, cancellationToken);
                }
            }
        }
        finally
        {
            sidecar.Telemetry.Binding(name, call.Operation, success, sidecar.Time.GetElapsedTime(started));
        }
    }

    static ApiException Failed(string name, string reason) =>
        new(500, StatusCode.Internal, "ERR_INVOKE_OUTPUT_BINDING", $"error invoking output binding {name}: {reason}");
}
