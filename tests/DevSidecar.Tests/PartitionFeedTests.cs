using DevSidecar.DurableLog;
using DevSidecar.PubSub.Kafka;

namespace DevSidecar.Tests;

public sealed class PartitionFeedTests
{
    static readonly BackOff Once = new(false, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), 1);

    [Fact]
    public void One_delivery_at_a_time_holds_the_head_and_the_position_follows_what_is_done()
    {
        using var feed = Feed(3);
        feed.Take(2).Select(r => r.Offset).ShouldBe([10, 11]);
        feed.Take(2).ShouldBeEmpty();
        feed.WaitIdle(TimeSpan.Zero).ShouldBeFalse();
        feed.Complete(2, failed: false, Once, NotSkipped).ShouldBeNull();
        feed.Position.ShouldBe(12);
        feed.Take(9).Select(r => r.Offset).ShouldBe([12]);
    }

    [Fact]
    public void A_failure_waits_with_its_followers_and_is_skipped_when_its_retries_are_used_up()
    {
        using var feed = Feed(3);
        var skipped = new List<long>();
        feed.Take(3);
        feed.Complete(1, failed: true, Once, NotSkipped).ShouldBe(TimeSpan.FromSeconds(1));
        feed.Position.ShouldBe(11);
        feed.Take(3).ShouldBeEmpty();
        feed.Resume();
        feed.Take(3).Select(r => r.Offset).ShouldBe([11, 12]);
        feed.Complete(0, failed: true, Once, (record, _) => skipped.Add(record.Offset)).ShouldBeNull();
        skipped.ShouldBe([11]);
        feed.Take(3).Select(r => r.Offset).ShouldBe([12]);
    }

    [Fact]
    public void A_closed_feed_gives_nothing_and_what_was_not_delivered_does_not_count()
    {
        using var feed = Feed(2);
        feed.Take(1);
        feed.Close();
        feed.Complete(0, failed: false, Once, NotSkipped).ShouldBeNull();
        feed.WaitIdle(TimeSpan.Zero).ShouldBeTrue();
        feed.Take(1).ShouldBeEmpty();
        feed.Position.ShouldBe(10);
    }

    static PartitionFeed Feed(int records)
    {
        var feed = new PartitionFeed(new("t", 0), 10);
        for (var i = 0; i < records; i++)
        {
            feed.Add(new(10 + i, 0, null, [], default), 0);
        }

        return feed;
    }

    static void NotSkipped(LogRecord record, int retries) => throw new ShouldAssertException($"offset {record.Offset} was skipped");
}
