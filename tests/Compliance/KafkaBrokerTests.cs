namespace Forewarn.Compliance;

public sealed class KafkaPubSubTests(KafkaFixture kafka) : PubSubTests(new KafkaTarget(kafka)), IClassFixture<KafkaFixture>;

public sealed class KafkaDeadLetterTests(KafkaFixture kafka) : DeadLetterTests(new KafkaTarget(kafka)), IClassFixture<KafkaFixture>;

public sealed class KafkaBulkTests(KafkaFixture kafka) : BulkTests(new KafkaTarget(kafka)), IClassFixture<KafkaFixture>;

public sealed class KafkaOperationTests(KafkaFixture kafka) : OperationTests(new KafkaTarget(kafka)), IClassFixture<KafkaFixture>;
