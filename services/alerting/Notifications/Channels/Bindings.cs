using System.Globalization;
using System.Text;
using Dapr;
using Dapr.Client;
using Grpc.Core;

namespace Forewarn.Alerting.Notifications;

/// <summary>Calls output bindings, and says in one way why they did not take something.</summary>
sealed class Bindings(DaprClient dapr)
{
    const int MostErrorText = 200;

    /// <summary>Statuses that another attempt may change; all other errors wait for somebody to mend them.</summary>
    static readonly int[] Passing = [408, 425, 429];

    /// <exception cref="DeliveryException">The binding, or the sidecar, refuses.</exception>
    public async Task<BindingResponse> InvokeAsync(BindingRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await dapr.InvokeBindingAsync(request, cancellationToken);
        }
        catch (DaprException error) when (error.InnerException is RpcException rpc && !cancellationToken.IsCancellationRequested)
        {
            throw new DeliveryException(new Refusal(Shortened(rpc.Status.Detail), IsPermanent: IsUnknown(rpc.Status.Detail)), error);
        }
    }

    /// <summary>
    /// POST through a <c>bindings.http</c>. Dapr makes an error of an answer beyond 2xx and keeps its content to itself, unless it is
    /// told not to: then status and headers come back, <c>Retry-After</c> with them.
    /// </summary>
    /// <param name="binding">Name of the component.</param>
    /// <param name="path">Appended to its address; may be empty.</param>
    /// <param name="body">JSON.</param>
    /// <param name="headers">By their names, which begin with a capital letter.</param>
    /// <exception cref="DeliveryException">The other side does not answer with 2xx.</exception>
    public async Task<ReadOnlyMemory<byte>> PostAsync(
        string binding, string path, ReadOnlyMemory<byte> body, IEnumerable<KeyValuePair<string, string>> headers, CancellationToken cancellationToken)
    {
        var request = new BindingRequest(binding, "post") { Data = body };
        request.Metadata["errorIfNot2XX"] = "false";
        if (path.Length > 0)
            request.Metadata["path"] = path;
        foreach (var (name, value) in headers)
            request.Metadata[name] = value;
        var response = await InvokeAsync(request, cancellationToken);
        // A binding of another kind has no status: its answer alone says that it took the message.
        if (!response.Metadata.TryGetValue("statusCode", out var text) || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status) || status is >= 200 and < 300)
            return response.Data;
        var said = Shortened(Encoding.UTF8.GetString(response.Data.Span));
        throw new DeliveryException(new Refusal(
            said.Length == 0 ? $"answered {status}" : $"answered {status}: {said}",
            IsPermanent: status is >= 400 and < 500 && !Passing.Contains(status),
            RetryAfterMs(response.Metadata)));
    }

    /// <summary>Seconds; the form with a date is left out, as nobody who limits rates uses it.</summary>
    static long RetryAfterMs(IReadOnlyDictionary<string, string> metadata) =>
        metadata.FirstOrDefault(header => header.Key.Equals("Retry-After", StringComparison.OrdinalIgnoreCase)).Value is { } text
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? seconds * 1000L
            : 0;

    static bool IsUnknown(string detail) => detail.Contains("couldn't find output binding", StringComparison.Ordinal);

    static string Shortened(string text) => text.Length <= MostErrorText ? text.Trim() : text[..MostErrorText].Trim() + "…";
}
