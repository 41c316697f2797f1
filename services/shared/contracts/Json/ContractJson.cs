using System.Text.Json;
using System.Text.Json.Serialization;

namespace Forewarn.Contracts;

/// <summary>How contracts look as JSON: camelCase, enums as kebab-case strings, no nulls, unknown fields ignored.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MetricBatch))]
[JsonSerializable(typeof(FeatureBatch))]
[JsonSerializable(typeof(PredictionBatch))]
[JsonSerializable(typeof(Detection))]
[JsonSerializable(typeof(IncidentEvent))]
[JsonSerializable(typeof(ModelEvent))]
[JsonSerializable(typeof(ModelInfo))]
[JsonSerializable(typeof(JobEvent))]
[JsonSerializable(typeof(ControlEvent))]
[JsonSerializable(typeof(FeedbackEvent))]
[JsonSerializable(typeof(FeedbackRequest))]
[JsonSerializable(typeof(FeedbackPreview))]
[JsonSerializable(typeof(Exclusion))]
[JsonSerializable(typeof(ExclusionRequest))]
[JsonSerializable(typeof(SeriesSchema))]
[JsonSerializable(typeof(PlatformStatus))]
[JsonSerializable(typeof(ModelDrift))]
[JsonSerializable(typeof(Page<SeriesInfo>))]
[JsonSerializable(typeof(Page<IncidentEvent>))]
[JsonSerializable(typeof(Page<ModelInfo>))]
[JsonSerializable(typeof(Page<JobEvent>))]
[JsonSerializable(typeof(Page<EntityInfo>))]
[JsonSerializable(typeof(Page<LatestValue>))]
[JsonSerializable(typeof(Page<PredictionInfo>))]
[JsonSerializable(typeof(SamplePage))]
[JsonSerializable(typeof(Page<FeedbackEvent>))]
[JsonSerializable(typeof(Page<Exclusion>))]
[JsonSerializable(typeof(RangeResult))]
[JsonSerializable(typeof(RawRows))]
[JsonSerializable(typeof(DeadLetter))]
[JsonSerializable(typeof(ExternalBatch))]
[JsonSerializable(typeof(ExternalBatch[]))]
public sealed partial class ContractJson : JsonSerializerContext;
