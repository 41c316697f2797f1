using CsCheck;
using Forewarn.Contracts;

namespace Forewarn.Ingestion.Tests;

public sealed class CardBookTests
{
    const long Refresh = 1_000_000_000;

    [Fact]
    public void What_the_store_has_is_not_due_however_often_it_is_said_again()
    {
        var book = new CardBook(10, Refresh);
        book.Say("web-1", Of("node", "a"), 0);
        Keep(book, 0).ShouldBe(["web-1 node=a"]);
        for (var second = 1; second < 100; second++)
        {
            book.Say("web-1", Of("node", "a"), second * 1000);
            book.Due(second * 1000, 10).ShouldBeEmpty();
        }
    }

    [Fact]
    public void What_is_said_adds_up_and_a_name_said_again_has_its_new_value()
    {
        var book = new CardBook(10, Refresh);
        book.Say("web-1", Of("node", "a", "rack", "1"), 0);
        Keep(book, 0);
        book.Say("web-1", Of("job", "web"), 20_000);
        book.Say("web-1", Of("node", "b"), 20_000);
        Keep(book, 20_000).ShouldBe(["web-1 job=web node=b rack=1"]);
    }

    [Fact]
    public void Two_sources_that_contradict_each_other_every_second_cause_a_dozen_writes_a_day()
    {
        var (book, writes) = (new CardBook(10, Refresh), 0);
        for (var second = 0; second < 86_400; second++)
        {
            book.Say("web-1", Of("job", second % 2 == 0 ? "one" : "other"), second * 1000L);
            writes += Keep(book, second * 1000L).Count;
        }
        writes.ShouldBeInRange(2, 40);
    }

    [Fact]
    public void What_is_said_while_a_card_is_written_is_due_afterwards()
    {
        var book = new CardBook(10, Refresh);
        book.Say("web-1", Of("node", "a"), 0);
        var (entity, said) = book.Due(0, 10).Single();
        book.Say("web-1", Of("node", "b"), 0);
        book.Kept(new EntityCard { Entity = entity, Attributes = said, At = 0 }, said, isNew: true, 0);
        Keep(book, 60_000).ShouldBe(["web-1 node=b"]);
    }

    [Fact]
    public void A_card_is_written_again_before_the_store_forgets_it_and_not_when_nobody_speaks_of_it()
    {
        var book = new CardBook(10, Refresh);
        book.Say("web-1", Of("node", "a"), 0);
        Keep(book, 0);
        book.Due(Refresh + 1, 10).ShouldBeEmpty();
        book.Say("web-1", Of("node", "a"), Refresh + 1);
        Keep(book, Refresh + 1).ShouldBe(["web-1 node=a"]);
    }

    [Fact]
    public void Entities_beyond_the_limit_push_out_those_that_the_store_has_and_never_those_that_wait()
    {
        var book = new CardBook(3, Refresh);
        for (var entity = 0; entity < 5; entity++)
            book.Say($"e{entity}", Of("node", "a"), 0);
        Keep(book, 0).ShouldBe(["e0 node=a", "e1 node=a", "e2 node=a"]);
        book.Say("e3", Of("node", "a"), 0);
        Keep(book, 0).ShouldBe(["e3 node=a"]);
    }

    [Fact]
    public void A_sum_is_bounded_and_holds_all_that_was_said_last()
    {
        var attributes = Gen.Dictionary(Gen.Int[0, 60].Select(i => $"a{i}"), Gen.Int[0, 3].Select(i => $"{i}"))[0, EntityCard.MostAttributes];
        Gen.Select(attributes, attributes).Sample((known, said) =>
        {
            var sum = CardBook.Sum(known, said);
            sum.Count.ShouldBeLessThanOrEqualTo(EntityCard.MostAttributes);
            CardBook.Holds(sum, said).ShouldBeTrue();
            sum.ShouldAllBe(pair => (said.ContainsKey(pair.Key) ? said : known)[pair.Key] == pair.Value);
            if (known.Keys.Union(said.Keys).Count() <= EntityCard.MostAttributes)
                known.Keys.ShouldAllBe(name => sum.ContainsKey(name));
        }, iter: 2_000);
    }

    /// <summary>Writes all that is due.</summary>
    static List<string> Keep(CardBook book, long now)
    {
        var written = new List<string>();
        foreach (var (entity, said) in book.Due(now, 100))
        {
            book.Kept(new EntityCard { Entity = entity, Attributes = said, At = now }, said, isNew: true, now);
            written.Add($"{entity} {string.Join(' ', said.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"))}");
        }
        written.Sort(StringComparer.Ordinal);
        return written;
    }

    static Dictionary<string, string> Of(params string[] pairs) => pairs.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
}
