namespace Forewarn.Gateway;

static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "public listener on {Address}:{Port}, dashboard from {Dashboard}", EventName = "gateway.listening")]
    public static partial void Listening(ILogger logger, string address, int port, string dashboard);

    [LoggerMessage(2, LogLevel.Warning, "refused a request for host '{Host}'; add it to GATEWAY__ALLOWEDHOSTS if it is yours", EventName = "gateway.host.refused")]
    public static partial void HostRefused(ILogger logger, string host);

    [LoggerMessage(3, LogLevel.Warning, "refused {Method} {Path} from origin '{Origin}'; add it to GATEWAY__ALLOWEDORIGINS if it is yours", EventName = "gateway.origin.refused")]
    public static partial void OriginRefused(ILogger logger, string method, string path, string origin);

    [LoggerMessage(4, LogLevel.Warning, "{App} does not answer {Path}: {Reason}", EventName = "gateway.upstream.failed")]
    public static partial void UpstreamFailed(ILogger logger, string app, string path, string reason);

    [LoggerMessage(5, LogLevel.Warning, "columns of schema {Schema} cannot be read, its ticks are not shown: {Reason}", EventName = "gateway.schema.unknown")]
    public static partial void SchemaUnknown(ILogger logger, string schema, string reason);

    [LoggerMessage(6, LogLevel.Warning, "a live stream could not keep up with incidents and was closed; the browser comes back by itself", EventName = "gateway.stream.closed")]
    public static partial void StreamClosed(ILogger logger);

    [LoggerMessage(7, LogLevel.Warning, "the status could not be completed: {Reason}", EventName = "gateway.status.failed")]
    public static partial void StatusFailed(ILogger logger, string reason);

    [LoggerMessage(8, LogLevel.Warning, "an export was cut off after {Pages} pages: {Reason}; its file is incomplete and its reader was told so", EventName = "gateway.export.failed")]
    public static partial void ExportFailed(ILogger logger, int pages, string reason);
}
