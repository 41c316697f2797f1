using System.Text.Json.Serialization;

namespace Forewarn.History;

[JsonSerializable(typeof(Dictionary<string, string>))]
sealed partial class HistoryJson : JsonSerializerContext;
