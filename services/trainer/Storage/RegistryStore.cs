using Forewarn.Hosting;

namespace Forewarn.Trainer;

/// <summary>Models, trials, jobs and the lease.</summary>
sealed class RegistryStore(CheckpointStore state) : SharedDocument<RegistryDocument>(state, "registry", RegistryJson.Default.RegistryDocument);
