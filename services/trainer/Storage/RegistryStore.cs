using Forewarn.Hosting;

namespace Forewarn.Trainer;

/// <summary>The registry document.</summary>
sealed class RegistryStore(CheckpointStore state)
    : SharedDocument<RegistryDocument>(state, "registry", "model registry", RegistryJson.Default.RegistryDocument);
