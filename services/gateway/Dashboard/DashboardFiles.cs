using Forewarn.Gateway.Security;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace Forewarn.Gateway.Dashboard;

/// <summary>The built dashboard. It is looked for anew while it is missing, so that it may be built while this runs.</summary>
sealed class DashboardFiles : IDisposable
{
    const string Index = "index.html";
    readonly FileExtensionContentTypeProvider _types = new();
    readonly Lock _gate = new();
    PhysicalFileProvider? _files;

    public DashboardFiles(GatewayOptions options, string baseDirectory) =>
        Root = options.DashboardPath is { Length: > 0 } path ? Path.GetFullPath(path) : Find(baseDirectory);

    /// <summary>Where it is expected.</summary>
    public string Root { get; }

    public async Task ServeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "/";
        if (Files() is not { } files)
        {
            await WriteAsync(context, StatusCodes.Status503ServiceUnavailable, Missing);
            return;
        }
        var file = path == "/" ? null : files.GetFileInfo(path);
        if (file is { Exists: true, IsDirectory: false, PhysicalPath: not null })
        {
            // Vite names what lies in assets by its content: a changed file has another name.
            var hashed = path.StartsWith("/assets/", StringComparison.Ordinal);
            await SendAsync(context, file, path, hashed ? "public, max-age=31536000, immutable" : "no-cache");
        }
        else if (Path.HasExtension(path))
        {
            await TypedResults.Problem(statusCode: StatusCodes.Status404NotFound, title: "There is no such file").ExecuteAsync(context);
        }
        else
        {
            await SendAsync(context, files.GetFileInfo(Index), Index, "no-cache");
        }
    }

    public void Dispose() => _files?.Dispose();

    async Task SendAsync(HttpContext context, IFileInfo file, string name, string caching)
    {
        if (!_types.TryGetContentType(name, out var type))
            type = "application/octet-stream";
        context.Response.Headers.CacheControl = caching;
        await Results.File(file.PhysicalPath!, type.StartsWith("text/", StringComparison.Ordinal) ? $"{type}; charset=utf-8" : type, lastModified: file.LastModified)
            .ExecuteAsync(context);
    }

    PhysicalFileProvider? Files()
    {
        lock (_gate)
        {
            if (_files is null && File.Exists(Path.Combine(Root, Index)))
                _files = new PhysicalFileProvider(Root);
            return _files;
        }
    }

    static Task WriteAsync(HttpContext context, int status, string html)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(html, context.RequestAborted);
    }

    static string Find(string baseDirectory)
    {
        // Published: beside the program.
        var published = Path.Combine(baseDirectory, "dashboard");
        if (File.Exists(Path.Combine(published, Index)))
            return published;
        for (var folder = new DirectoryInfo(baseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "dashboard", "package.json")))
                return Path.Combine(folder.FullName, "dashboard", "dist");
        }
        return published;
    }

    const string Missing = """
        <!doctype html>
        <html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>Forewarn</title>
        <main><h1>Forewarn</h1><p>The platform runs, but its dashboard is not built yet. Build it in the checkout and reload this page:</p>
        <pre>cd dashboard
        npm ci
        npm run build</pre>
        <p>Or name its folder with <code>GATEWAY__DASHBOARDPATH</code>. The API is here: <a href="/api/status">/api/status</a>, <a href="/api/openapi.json">/api/openapi.json</a>.</p></main></html>
        """;
}

static class DashboardEndpoints
{
    public static void MapDashboard(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/{**path}", [HttpMethods.Get, HttpMethods.Head], (HttpContext context, DashboardFiles files) => files.ServeAsync(context))
            .WithMetadata(PublicEndpoint.Mark).WithOrder(int.MaxValue).ExcludeFromDescription();
        // A mistyped API path must say so, not show the dashboard.
        routes.Map("/api/{**path}", () => TypedResults.Problem(
                statusCode: StatusCodes.Status404NotFound, title: "There is no such API path", detail: "/api/openapi.json lists what there is."))
            .WithMetadata(PublicEndpoint.Mark).WithOrder(int.MaxValue - 1).ExcludeFromDescription();
    }
}
