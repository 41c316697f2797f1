using Forewarn.Hosting;

namespace Forewarn.Trainer;

/// <summary>What champions have met. Apart from the registry: it changes every minute, and nothing is decided in the same write.</summary>
sealed class DriftStore(CheckpointStore state) : SharedDocument<DriftDocument>(state, "drift", "record of what champions have met", RegistryJson.Default.DriftDocument);
