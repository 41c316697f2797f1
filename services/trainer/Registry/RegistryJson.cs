using System.Text.Json;
using System.Text.Json.Serialization;

namespace Forewarn.Trainer;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RegistryDocument))]
[JsonSerializable(typeof(FeedbackBook))]
[JsonSerializable(typeof(ExclusionList))]
[JsonSerializable(typeof(PreviewDocument))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(DriftDocument))]
sealed partial class RegistryJson : JsonSerializerContext;
