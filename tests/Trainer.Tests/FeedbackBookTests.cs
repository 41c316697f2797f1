using CsCheck;
using Forewarn.Contracts;

namespace Forewarn.Trainer.Tests;

public sealed class FeedbackBookTests
{
    [Fact]
    public void The_latest_word_about_an_incident_holds_in_whatever_order_and_however_often_words_arrive() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 8], Gen.Int[0, 1]).Array[1, 40].Sample(arrivals =>
        {
            var messages = arrivals.Select(arrival => Samples.Feedback($"i{arrival.Item1}", (FeedbackKind)arrival.Item3, at: arrival.Item2)).ToArray();
            var expected = messages.GroupBy(message => message.Id)
                .Select(group => group.MaxBy(message => (message.At, message.Kind))!).Select(message => (message.Id, message.At, message.Kind));

            var book = messages.Aggregate(new FeedbackBook(), (book, message) => book.With([message]) ?? book);

            book.Entries.Select(entry => (entry.Event.Id, entry.Event.At, entry.Event.Kind)).ShouldBe(expected, ignoreOrder: true);
            book.With(messages).ShouldBeNull();
            book.Entries.Select(entry => entry.Event.At).ShouldBe(book.Entries.Select(entry => entry.Event.At).OrderDescending());
        });

    [Fact]
    public void The_oldest_make_room_and_do_not_come_back()
    {
        var messages = Enumerable.Range(0, FeedbackBook.Kept + 10).Select(i => Samples.Feedback($"i{i}", at: i)).ToArray();

        var book = new FeedbackBook().With(messages)!;

        book.Entries.Count.ShouldBe(FeedbackBook.Kept);
        book.Entries[^1].Event.At.ShouldBe(10);
        book.With([messages[0]]).ShouldBeNull();
    }

    [Fact]
    public void Pages_give_every_entry_once_though_some_were_said_at_the_same_instant() =>
        Gen.Select(Gen.Int[0, 5].Array[0, 40], Gen.Int[1, 7]).Sample((times, limit) =>
        {
            var book = times.Select((at, i) => Samples.Feedback($"i{i}", at: at)).Aggregate(new FeedbackBook(), (book, message) => book.With([message])!);
            var seen = new List<string>();
            FeedbackCursor? after = null;
            for (Page<FeedbackEvent>? page = null; page is null || page.Next is not null;)
            {
                page = book.List(incident: null, entity: null, after, limit);
                page.Items.Count.ShouldBeLessThanOrEqualTo(limit);
                seen.AddRange(page.Items.Select(message => message.Id));
                if (page.Next is { } next)
                {
                    FeedbackCursor.TryParse(next, out var cursor).ShouldBeTrue();
                    after = cursor;
                }
            }
            seen.ShouldBe(book.Entries.Select(entry => entry.Event.Id));
        });

    [Fact]
    public void Of_many_replicas_one_claims_what_was_not_counted_and_can_give_it_back()
    {
        var book = new FeedbackBook().With([Samples.Feedback("a"), Samples.Feedback("b")])!;

        book.Claim(3).ShouldBeNull();
        var claimed = book.Claim(2)!;
        claimed.Claim(1).ShouldBeNull();
        claimed.Release(claimed, book.CountedSeq)!.Uncounted.ShouldBe(2);
        var more = claimed.With([Samples.Feedback("c")])!;
        more.Uncounted.ShouldBe(1);
        more.Release(claimed, book.CountedSeq)!.Uncounted.ShouldBe(3);
        more.Count(more.Seq)!.Release(claimed, book.CountedSeq).ShouldBeNull();
    }
}
