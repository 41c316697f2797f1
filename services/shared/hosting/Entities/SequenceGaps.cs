using Forewarn.Contracts;

namespace Forewarn.Hosting;

/// <summary>What the sequence numbers of a delivery say about the state that it meets.</summary>
public static class SequenceGaps
{
    /// <summary>True when messages are missing before the delivery's new ones: another replica had the entity, or they were lost.</summary>
    /// <param name="guard">What the state has applied.</param>
    /// <param name="messages">The entity's messages in a delivery.</param>
    /// <param name="isBehind">Asked about the first message of a producer that starts anew: does the state lie so far back that another replica may have served in between?</param>
    public static bool HasGap<T>(this SequenceGuard guard, List<Readable<T>> messages, Func<T, bool> isBehind)
        where T : EntityMessage
    {
        ArgumentNullException.ThrowIfNull(guard);
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentNullException.ThrowIfNull(isBehind);
        for (var i = 0; i < messages.Count; i++)
        {
            var message = messages[i].Message;
            var verdict = guard.Check(message.Producer, message.Seq);
            if (verdict is SequenceVerdict.Duplicate or SequenceVerdict.Next || FollowsAnother(guard, messages, i))
                continue;
            if (verdict == SequenceVerdict.Gap || isBehind(message))
                return true;
        }
        return false;
    }

    // Only the first new message of a producer tells: the ones behind it follow it.
    static bool FollowsAnother<T>(SequenceGuard guard, List<Readable<T>> messages, int index)
        where T : EntityMessage
    {
        for (var i = 0; i < index; i++)
        {
            var earlier = messages[i].Message;
            if (string.Equals(earlier.Producer, messages[index].Message.Producer, StringComparison.Ordinal)
                && guard.Check(earlier.Producer, earlier.Seq) != SequenceVerdict.Duplicate)
                return true;
        }
        return false;
    }
}
