using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using DevSidecar.DurableLog;

namespace DevSidecar.Admin;

/// <summary>The admin port: each address answers with a page, or with JSON under <c>/api/</c> or when the caller accepts that.</summary>
sealed class AdminApi(SidecarRuntime runtime)
{
    const int PageSize = 50;
    const int MaxPageSize = 500;

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    public async Task HandleAsync(HttpContext context)
    {
        foreach (var (name, value) in AdminLayout.Headers)
        {
            context.Response.Headers[name] = value;
        }

        if (AdminGuard.Refusal(context.Request) is { } refusal)
        {
            await ErrorAsync(context, 403, refusal);
            return;
        }

        try
        {
            await RouteAsync(context);
        }
        catch (DeadLetterException e)
        {
            await ErrorAsync(context, 409, e.Message);
        }
        catch (LogUnavailableException e)
        {
            await ErrorAsync(context, 503, e.Message);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = 499;
        }
    }

    Task RouteAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return (context.Request.Method, path is ["api", .. var rest] ? rest : path) switch
        {
            ("GET", [] or ["runtime"]) => OverviewAsync(context),
            ("GET", ["dead-letters"]) => ListAsync(context),
            ("GET", ["dead-letters", "message"]) => MessageAsync(context),
            ("POST", ["dead-letters", "replay"]) => ActAsync(context, "replayed", runtime.DeadLetters.ReplayAsync),
            ("POST", ["dead-letters", "discard"]) => ActAsync(context, "discarded", runtime.DeadLetters.DiscardAsync),
            _ => ErrorAsync(context, 404, $"{context.Request.Method} {context.Request.Path} is not here"),
        };
    }

    Task OverviewAsync(HttpContext context)
    {
        var description = runtime.Describe();
        return WantsJson(context) ? JsonAsync(context, description) : PageAsync(context, OverviewPage.Render(description));
    }

    Task ListAsync(HttpContext context)
    {
        var topic = context.Request.Query["topic"].ToString();
        var skip = Number(context, "skip") is { } s and >= 0 and <= int.MaxValue ? (int)s : 0;
        var take = Number(context, "take") is { } t and > 0 and <= MaxPageSize ? (int)t : PageSize;
        var page = new DeadLetterPage(
            topic, runtime.DeadLetters.Count(topic), skip, take, Now, [.. runtime.DeadLetters.List(topic, skip, take).Select(DeadLetterView.Preview)]);
        return WantsJson(context) ? JsonAsync(context, page) : PageAsync(context, DeadLettersPage.Render(page, Done(context)));
    }

    Task MessageAsync(HttpContext context)
    {
        var topic = context.Request.Query["topic"].ToString();
        if (Number(context, "partition") is not { } partition || Number(context, "offset") is not { } offset
            || runtime.DeadLetters.Find(topic, (int)Math.Min(partition, int.MaxValue), offset) is not { } letter)
        {
            return ErrorAsync(context, 404, "there is no open dead letter with this topic, partition and offset");
        }

        var view = DeadLetterView.Whole(letter);
        return WantsJson(context) ? JsonAsync(context, view) : PageAsync(context, DeadLettersPage.RenderOne(topic, view));
    }

    async Task ActAsync(HttpContext context, string verb, Func<string, DeadLetterSelection, CancellationToken, Task<int>> act)
    {
        var topic = context.Request.Query["topic"].ToString();
        var (partition, offset) = (Number(context, "partition"), Number(context, "offset"));
        if (topic.Length == 0 || partition is null != offset is null)
        {
            await ErrorAsync(context, 400, "name a topic, and for a single dead letter its partition and offset");
            return;
        }

        // Once begun it is not for a closed tab to stop: what is published must be marked.
        var count = await act(topic, new((int?)partition, offset, Number(context, "until") ?? Now), CancellationToken.None);
        if (WantsJson(context))
        {
            await JsonAsync(context, new Dictionary<string, object> { ["topic"] = topic, [verb] = count });
            return;
        }

        context.Response.StatusCode = 303;
        context.Response.Headers.Location = string.Create(CultureInfo.InvariantCulture, $"/dead-letters?topic={Uri.EscapeDataString(topic)}&{verb}={count}");
    }

    long Now => runtime.Options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();

    static string? Done(HttpContext context) =>
        Number(context, "replayed") is { } replayed ? string.Create(CultureInfo.InvariantCulture, $"{replayed} replayed")
        : Number(context, "discarded") is { } discarded ? string.Create(CultureInfo.InvariantCulture, $"{discarded} discarded")
        : null;

    static bool WantsJson(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
        || context.Request.Headers.Accept.ToString().Contains("application/json", StringComparison.OrdinalIgnoreCase);

    static long? Number(HttpContext context, string name) =>
        long.TryParse(context.Request.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    static Task JsonAsync<T>(HttpContext context, T value) => context.Response.WriteAsJsonAsync(value, Json, context.RequestAborted);

    static Task PageAsync(HttpContext context, string html)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(html, context.RequestAborted);
    }

    static Task ErrorAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        return WantsJson(context) ? JsonAsync(context, new { message }) : PageAsync(context, AdminLayout.Error(message));
    }
}
