using System.Text;
using CsCheck;

namespace Forewarn.Ingestion.Tests;

public sealed class KnownSymbolsTests
{
    [Fact]
    public void A_text_has_one_number_and_no_other_text_has_it_even_when_it_was_forgotten_in_between() => Gen.Int[0, 50].Array[1, 300].Sample(texts =>
    {
        var (symbols, owners) = (new KnownSymbols(capacity: 8), new Dictionary<long, int>());
        foreach (var text in texts)
        {
            var number = symbols.NumberOf(Encoding.UTF8.GetBytes($"text {text}"));
            symbols.NumberOf(Encoding.UTF8.GetBytes($"text {text}")).ShouldBe(number);
            owners.TryAdd(number, text);
            owners[number].ShouldBe(text);
        }
    });

    [Fact]
    public void A_long_text_has_another_number_each_time()
    {
        var (symbols, text) = (new KnownSymbols(capacity: 8), new byte[KnownSymbols.Longest + 1]);
        symbols.NumberOf(text).ShouldNotBe(symbols.NumberOf(text));
        symbols.NumberOf(text.AsSpan(1)).ShouldBe(symbols.NumberOf(text.AsSpan(1)));
    }

    [Fact]
    public async Task All_threads_get_the_same_number()
    {
        var symbols = new KnownSymbols(capacity: 10_000);
        var numbers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
            Enumerable.Range(0, 500).Select(text => symbols.NumberOf(Encoding.UTF8.GetBytes($"{text}"))).ToList())));
        numbers.ShouldAllBe(one => one.SequenceEqual(numbers[0]));
    }
}
