using CsCheck;
using DevSidecar.DurableLog;

namespace DevSidecar.Tests;

public sealed class PartitionerTests
{
    /// <summary>Reference vectors of FNV-1a (Fowler, Noll, Vo).</summary>
    [Theory]
    [InlineData("", 0x811c9dc5u)]
    [InlineData("a", 0xe40c292cu)]
    [InlineData("foobar", 0xbf9cf968u)]
    public void The_hash_is_FNV_1a(string text, uint hash) => Partitioner.Fnv1A(System.Text.Encoding.UTF8.GetBytes(text)).ShouldBe(hash);

    [Fact]
    public void The_remainder_is_taken_of_the_signed_hash_as_Sarama_does()
    {
        // 0xe40c292c is negative as a signed number: -468965076 % 12 = 0, and % 7 = -3, which becomes 3.
        Partitioner.Choose("a", 12).ShouldBe(Math.Abs(unchecked((int)0xe40c292c) % 12));
        Partitioner.Choose("a", 7).ShouldBe(Math.Abs(unchecked((int)0xe40c292c) % 7));
    }

    [Fact]
    public void A_key_always_lands_in_the_same_valid_partition() =>
        Gen.Select(Gen.String, Gen.Int[1, 64]).Sample((key, n) =>
        {
            var partition = Partitioner.Choose(key, n);
            return partition >= 0 && partition < n && partition == Partitioner.Choose(key, n);
        });
}
