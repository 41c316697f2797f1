using System.Text.Json;
using DevSidecar.Bindings;

namespace DevSidecar.Api.Http;

sealed class BindingApi(AppSidecar sidecar)
{
    public async Task InvokeAsync(HttpContext context, string name)
    {
        using var document = JsonDocument.Parse(await RequestReader.BodyAsync(context));
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw ApiException.BadRequest("the body must be an object with operation, data and metadata");
        }

        var operation = root.TryGetProperty("operation", out var op) ? op.ToString() : "";
        var data = root.TryGetProperty("data", out var value) ? JsonSerializer.SerializeToUtf8Bytes(value) : [];
        var metadata = root.TryGetProperty("metadata", out var members) && members.ValueKind == JsonValueKind.Object
            ? members.EnumerateObject().ToDictionary(m => m.Name, m => m.Value.ToString(), StringComparer.Ordinal)
            : new Dictionary<string, string>(StringComparer.Ordinal);
        var answer = await BindingInvoker.InvokeAsync(sidecar, name, new(operation, data, metadata), context.RequestAborted);
        foreach (var (key, text) in answer.Metadata)
        {
            context.Response.Headers["metadata." + key] = text.ReplaceLineEndings(" ");
        }

        if (answer.Data is not { Length: > 0 } body)
        {
            context.Response.StatusCode = 204;
            return;
        }

        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
