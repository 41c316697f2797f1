using Forewarn.Hosting;

namespace Forewarn.Alerting.Silences;

/// <summary>The list of silences in the state store.</summary>
sealed class SilenceStore(CheckpointStore state) : SharedDocument<SilenceList>(state, "silences", "list of silences", AlertingJson.Default.SilenceList);
