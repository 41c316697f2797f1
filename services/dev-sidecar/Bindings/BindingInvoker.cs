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
            var answer = await PolicyRunner.RunAsync(
                sidecar.Runtime.Policies.Outbound(name), token => binding.InvokeAsync(call, token), static e => e is BindingException, sidecar.Time, cancellationToken);
            success = true;
            return answer;
        }
        catch (BindingException e)
        {
            throw Failed(name, e.Message);
        }
        catch (TimeoutException)
        {
            throw Failed(name, "timed out");
        }
        finally
        {
            sidecar.Telemetry.Binding(name, call.Operation, success, sidecar.Time.GetElapsedTime(started));
        }
    }

    static ApiException Failed(string name, string reason) =>
        new(500, StatusCode.Internal, "ERR_INVOKE_OUTPUT_BINDING", $"error invoking output binding {name}: {reason}");
}
