using DevSidecar.Api;
using DevSidecar.Resiliency;
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

        var started = sidecar.Time.GetTimestamp();
        var success = false;
        try
        {
            var answer = await sidecar.Guards.Outbound(name, "Binding").RunAsync(
                token => binding.InvokeAsync(call, token), null, static e => e is BindingException ? Outcome.Failure : Outcome.Final, cancellationToken);
            success = true;
            return answer;
        }
        catch (Exception e) when (e is BindingException or TimeoutException or CircuitOpenException)
        {
            throw Failed(name, e.Message);
        }
        finally
        {
            sidecar.Telemetry.Binding(name, call.Operation, success, sidecar.Time.GetElapsedTime(started));
        }
    }

    static ApiException Failed(string name, string reason) =>
        new(500, StatusCode.Internal, "ERR_INVOKE_OUTPUT_BINDING", $"error invoking output binding {name}: {reason}");
}
