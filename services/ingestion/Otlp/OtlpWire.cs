using System.Text.Json.Nodes;
using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>Answers as OTLP's clients read them: protobuf, and its JSON form.</summary>
static class OtlpWire
{
    /// <summary>Seconds after which a client that is sent away should come again.</summary>
    public const int RetrySeconds = 1;

    const string BadRequest = "type.googleapis.com/google.rpc.BadRequest";
    const string RetryInfo = "type.googleapis.com/google.rpc.RetryInfo";

    /// <summary><c>ExportMetricsServiceResponse</c>, with <c>partial_success</c> where there is something to say.</summary>
    public static byte[] Response(OtlpAnswer answer)
    {
        var writer = new WireWriter();
        if (answer.Rejected > 0 || answer.Message is not null)
        {
            writer.Begin(1);
            if (answer.Rejected > 0)
                writer.Varint(1, (ulong)answer.Rejected);
            writer.Text(2, answer.Message ?? "").End();
        }
        return writer.Written.ToArray();
    }

    /// <summary>The same as JSON.</summary>
    public static byte[] ResponseJson(OtlpAnswer answer)
    {
        var response = new JsonObject();
        if (answer.Rejected > 0 || answer.Message is not null)
        {
            var partial = new JsonObject { ["errorMessage"] = answer.Message ?? "" };
            // 64 bits are text in protobuf's JSON.
            if (answer.Rejected > 0)
                partial["rejectedDataPoints"] = answer.Rejected.ToString(System.Globalization.CultureInfo.InvariantCulture);
            response["partialSuccess"] = partial;
        }
        return Utf8(response);
    }

    /// <summary>Whether the client should send the same again: not when it would pass a limit again.</summary>
    public static bool IsWorthRetrying(Refusal refusal) => refusal is { Status: 503 } or { Code: "busy" };

    /// <summary><c>google.rpc.Status</c>, with what was wrong or when to come again.</summary>
    public static byte[] Status(Refusal refusal)
    {
        var writer = new WireWriter().Varint(1, (ulong)Code(refusal)).Text(2, Message(refusal));
        if (IsWorthRetrying(refusal))
            writer.Begin(3).Text(1, RetryInfo).Begin(2).Begin(1).Varint(1, RetrySeconds).End().End().End();
        else if (refusal.Status == 400)
            writer.Begin(3).Text(1, BadRequest).Begin(2).Begin(1).Text(1, refusal.Field).Text(2, refusal.Reason).End().End().End();
        return writer.Written.ToArray();
    }

    /// <summary>The same as JSON.</summary>
    public static byte[] StatusJson(Refusal refusal)
    {
        var status = new JsonObject { ["code"] = (int)Code(refusal), ["message"] = Message(refusal) };
        if (IsWorthRetrying(refusal))
            status["details"] = new JsonArray(new JsonObject { ["@type"] = RetryInfo, ["retryDelay"] = $"{RetrySeconds}s" });
        else if (refusal.Status == 400)
        {
            status["details"] = new JsonArray(new JsonObject
            {
                ["@type"] = BadRequest,
                ["fieldViolations"] = new JsonArray(new JsonObject { ["field"] = refusal.Field, ["description"] = refusal.Reason }),
            });
        }
        return Utf8(status);
    }

    /// <summary>gRPC's word for it.</summary>
    public static Grpc.Core.StatusCode Code(Refusal refusal) => refusal.Status switch
    {
        401 => Grpc.Core.StatusCode.Unauthenticated,
        403 => Grpc.Core.StatusCode.PermissionDenied,
        413 or 429 when !IsWorthRetrying(refusal) => Grpc.Core.StatusCode.ResourceExhausted,
        429 or 503 => Grpc.Core.StatusCode.Unavailable,
        _ => Grpc.Core.StatusCode.InvalidArgument,
    };

    public static string Message(Refusal refusal) => $"{refusal.Field} {refusal.Reason}";

    static byte[] Utf8(JsonNode node) => System.Text.Encoding.UTF8.GetBytes(node.ToJsonString());
}
