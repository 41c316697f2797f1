[assembly: AssemblyFixture(typeof(Forewarn.Compliance.DaprTarget))]

namespace Forewarn.Compliance;

public sealed class DaprHealthTests(DaprTarget dapr) : HealthTests(dapr.OrSkip());

public sealed class DaprStateTests(DaprTarget dapr) : StateTests(dapr.OrSkip());

public sealed class DaprInvokeTests(DaprTarget dapr) : InvokeTests(dapr.OrSkip());

public sealed class DaprBindingTests(DaprTarget dapr) : BindingTests(dapr.OrSkip());

public sealed class DaprInputBindingTests(DaprTarget dapr) : InputBindingTests(dapr.OrSkip());

public sealed class DaprActorTests(DaprTarget dapr) : ActorTests(dapr.OrSkip());

public sealed class DaprActorHostTests(DaprTarget dapr) : ActorHostTests(dapr.OrSkip());

public sealed class DaprReentrancyTests(DaprTarget dapr) : ReentrancyTests(dapr.OrSkip());

public sealed class DaprResiliencyTests(DaprTarget dapr) : ResiliencyTests(dapr.OrSkip());

public sealed class DaprOperationTests(DaprTarget dapr) : OperationTests(dapr.OrSkip());

public sealed class DaprPubSubTests(DaprTarget dapr) : PubSubTests(dapr.OrSkip());

public sealed class DaprDeadLetterTests(DaprTarget dapr) : DeadLetterTests(dapr.OrSkip());

public sealed class DaprBulkTests(DaprTarget dapr) : BulkTests(dapr.OrSkip());

public sealed class DaprDifferenceTests(DaprTarget dapr) : DifferenceTests(dapr.OrSkip());
