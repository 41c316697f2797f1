using System.Collections.Frozen;

namespace Forewarn.Ingestion;

/// <summary>How a field of a message is written in JSON and on the wire.</summary>
enum JsonForm
{
    Text,

    /// <summary>Base64.</summary>
    Bytes,
    Truth,

    /// <summary><c>int64</c>, <c>uint32</c>, <c>uint64</c> and enumerations, which OTLP writes as numbers.</summary>
    Whole,

    /// <summary><c>sint32</c>.</summary>
    ZigZag,

    /// <summary><c>fixed64</c>.</summary>
    Fixed,

    /// <summary><c>sfixed64</c>.</summary>
    SignedFixed,
    Real,
    Message,
}

/// <summary>A field that is read.</summary>
/// <param name="Number">On the wire.</param>
/// <param name="Form">How it is written.</param>
/// <param name="Of">Of a message, which.</param>
sealed record JsonField(int Number, JsonForm Form, string Of = "");

/// <summary>The fields of OTLP's metrics that are read, with the names of their JSON form.</summary>
static class OtlpJsonFields
{
    public const string Request = "ExportMetricsServiceRequest";

    static readonly FrozenDictionary<string, FrozenDictionary<string, JsonField>> _messages = new Dictionary<string, FrozenDictionary<string, JsonField>>
    {
        [Request] = Fields(("resourceMetrics", new(1, JsonForm.Message, "ResourceMetrics"))),
        ["ResourceMetrics"] = Fields(("resource", new(1, JsonForm.Message, "Resource")), ("scopeMetrics", new(2, JsonForm.Message, "ScopeMetrics"))),
        ["Resource"] = Fields(("attributes", new(1, JsonForm.Message, "KeyValue"))),
        ["ScopeMetrics"] = Fields(("scope", new(1, JsonForm.Message, "Scope")), ("metrics", new(2, JsonForm.Message, "Metric"))),
        ["Scope"] = Fields(("name", new(1, JsonForm.Text))),
        ["Metric"] = Fields(
            ("name", new(1, JsonForm.Text)), ("unit", new(3, JsonForm.Text)), ("gauge", new(5, JsonForm.Message, "Numbers")), ("sum", new(7, JsonForm.Message, "Numbers")),
            ("histogram", new(9, JsonForm.Message, "Histogram")), ("exponentialHistogram", new(10, JsonForm.Message, "ExponentialHistogram")),
            ("summary", new(11, JsonForm.Message, "Summary"))),
        ["Numbers"] = Data("Number", ("isMonotonic", new(3, JsonForm.Truth))),
        ["Histogram"] = Data("HistogramPoint"),
        ["ExponentialHistogram"] = Data("ExponentialPoint"),
        ["Summary"] = Data("SummaryPoint"),
        ["Number"] = Point(7, 8, ("asDouble", new(4, JsonForm.Real)), ("asInt", new(6, JsonForm.SignedFixed))),
        ["HistogramPoint"] = Point(9, 10,
            ("count", new(4, JsonForm.Fixed)), ("sum", new(5, JsonForm.Real)), ("bucketCounts", new(6, JsonForm.Fixed)),
            ("explicitBounds", new(7, JsonForm.Real)), ("min", new(11, JsonForm.Real)), ("max", new(12, JsonForm.Real))),
        ["ExponentialPoint"] = Point(1, 10,
            ("count", new(4, JsonForm.Fixed)), ("sum", new(5, JsonForm.Real)), ("scale", new(6, JsonForm.ZigZag)), ("zeroCount", new(7, JsonForm.Fixed)),
            ("positive", new(8, JsonForm.Message, "Buckets")), ("negative", new(9, JsonForm.Message, "Buckets")),
            ("min", new(12, JsonForm.Real)), ("max", new(13, JsonForm.Real)), ("zeroThreshold", new(14, JsonForm.Real))),
        ["SummaryPoint"] = Point(7, 8,
            ("count", new(4, JsonForm.Fixed)), ("sum", new(5, JsonForm.Real)), ("quantileValues", new(6, JsonForm.Message, "Quantile"))),
        ["Buckets"] = Fields(("offset", new(1, JsonForm.ZigZag)), ("bucketCounts", new(2, JsonForm.Whole))),
        ["Quantile"] = Fields(("quantile", new(1, JsonForm.Real)), ("value", new(2, JsonForm.Real))),
        ["KeyValue"] = Fields(("key", new(1, JsonForm.Text)), ("value", new(2, JsonForm.Message, "AnyValue"))),
        ["AnyValue"] = Fields(
            ("stringValue", new(1, JsonForm.Text)), ("boolValue", new(2, JsonForm.Truth)), ("intValue", new(3, JsonForm.Whole)), ("doubleValue", new(4, JsonForm.Real)),
            ("arrayValue", new(5, JsonForm.Message, "ArrayValue")), ("kvlistValue", new(6, JsonForm.Message, "KeyValueList")), ("bytesValue", new(7, JsonForm.Bytes))),
        ["ArrayValue"] = Fields(("values", new(1, JsonForm.Message, "AnyValue"))),
        ["KeyValueList"] = Fields(("values", new(1, JsonForm.Message, "KeyValue"))),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The fields of a message by their name in JSON.</summary>
    public static FrozenDictionary<string, JsonField> Of(string message) => _messages[message];

    static FrozenDictionary<string, JsonField> Fields(params IEnumerable<(string Name, JsonField Field)> fields) =>
        fields.ToFrozenDictionary(field => field.Name, field => field.Field, StringComparer.Ordinal);

    static FrozenDictionary<string, JsonField> Data(string points, params IEnumerable<(string Name, JsonField Field)> more) =>
        Fields([("dataPoints", new(1, JsonForm.Message, points)), ("aggregationTemporality", new(2, JsonForm.Whole)), .. more]);

    static FrozenDictionary<string, JsonField> Point(int attributes, int flags, params IEnumerable<(string Name, JsonField Field)> more) => Fields(
    [
        ("attributes", new(attributes, JsonForm.Message, "KeyValue")), ("flags", new(flags, JsonForm.Whole)),
        ("startTimeUnixNano", new(2, JsonForm.Fixed)), ("timeUnixNano", new(3, JsonForm.Fixed)), .. more,
    ]);
}
