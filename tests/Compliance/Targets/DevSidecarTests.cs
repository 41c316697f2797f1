namespace Forewarn.Compliance;

public sealed class DevSidecarHealthTests() : HealthTests(DevSidecarTarget.Instance);

public sealed class DevSidecarStateTests() : StateTests(DevSidecarTarget.Instance);

public sealed class DevSidecarInvokeTests() : InvokeTests(DevSidecarTarget.Instance);

public sealed class DevSidecarBindingTests() : BindingTests(DevSidecarTarget.Instance);

public sealed class DevSidecarInputBindingTests() : InputBindingTests(DevSidecarTarget.Instance);

public sealed class DevSidecarActorTests() : ActorTests(DevSidecarTarget.Instance);

public sealed class DevSidecarActorHostTests() : ActorHostTests(DevSidecarTarget.Instance);

public sealed class DevSidecarReentrancyTests() : ReentrancyTests(DevSidecarTarget.Instance);

public sealed class DevSidecarResiliencyTests() : ResiliencyTests(DevSidecarTarget.Instance);

public sealed class DevSidecarOperationTests() : OperationTests(DevSidecarTarget.Instance);

public sealed class DevSidecarDifferenceTests() : DifferenceTests(DevSidecarTarget.Instance);

public sealed class EmbeddedPubSubTests() : PubSubTests(DevSidecarTarget.Instance);

public sealed class EmbeddedBulkTests() : BulkTests(DevSidecarTarget.Instance);

public sealed class EmbeddedDeadLetterTests() : DeadLetterTests(DevSidecarTarget.Instance)
{
    protected override long? DeadLettersOf(IWorld world) => ((World)world).Runtime.Describe().DeadLetters;
}
