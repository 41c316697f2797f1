namespace DevSidecar.PubSub;

/// <summary>Records of one partition that a consumer group has not finished.</summary>
readonly record struct PartitionLag(string Group, string Topic, int Partition, long Records);
