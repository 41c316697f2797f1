using System.Text.Json;
using System.Text.Json.Serialization;
using Forewarn.Alerting.Silences;

namespace Forewarn.Alerting;

/// <summary>How alerting writes what only it reads.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(SilenceList))]
sealed partial class AlertingJson : JsonSerializerContext;
