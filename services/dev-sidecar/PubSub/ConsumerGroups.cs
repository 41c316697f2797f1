using DevSidecar.DurableLog;

namespace DevSidecar.PubSub;

/// <summary>All consumer groups of a runtime, by group and topic.</summary>
sealed class ConsumerGroups(EmbeddedLog log, TimeProvider time, ILogger logger)
{
    readonly Lock _lock = new();
    readonly Dictionary<(string Group, string Topic), TopicGroup> _groups = [];

    public IReadOnlyList<TopicGroup> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _groups.Values];
            }
        }
    }

    public GroupMember Join(
        string group, Topic topic, bool newest, bool transient, string memberId, MemberOptions options, Deliver deliver)
    {
        TopicGroup? target;
        lock (_lock)
        {
            if (!_groups.TryGetValue((group, topic.Name), out target))
            {
                _groups[(group, topic.Name)] = target = new(log, topic, group, newest, transient, time, logger);
            }
        }

        var member = new GroupMember(memberId, target, options, deliver, time, logger);
        target.Join(member);
        return member;
    }

    /// <summary>What waits in the partitions a replica answers for; each partition of each group has one such replica.</summary>
    public IReadOnlyList<PartitionLag> LagsOf(string instanceId) =>
    [
        .. from topicGroup in All
           from lag in topicGroup.LagsOf(instanceId)
           select new PartitionLag(topicGroup.Name, topicGroup.Topic.Name, lag.Partition, lag.Records),
    ];

    /// <summary>A replica is gone for good: groups that were its own alone ({uuid}) go with it.</summary>
    public void Forget(string instanceId)
    {
        lock (_lock)
        {
            foreach (var group in _groups.Values)
            {
                group.Forget(instanceId);
            }

            foreach (var (key, group) in _groups.Where(g => g.Value.Transient && g.Key.Group.Contains(instanceId, StringComparison.Ordinal)).ToList())
            {
                _groups.Remove(key);
                group.Close();
            }
        }
    }
}
