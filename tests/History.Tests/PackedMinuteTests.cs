using CsCheck;
using Forewarn.History.RollUps;

namespace Forewarn.History.Tests;

public sealed class PackedMinuteTests
{
    [Fact]
    public void What_was_packed_is_unpacked_in_the_order_of_its_time() => Gen.Select(
        Gen.Int[0, 4], Gen.Int[0, 59_999].List[1, 40], Gen.Long).Sample((columns, offsets, seed) =>
        {
            var random = new Random((int)seed);
            var rows = offsets.Select(offset => (offset, Enumerable.Range(0, columns).Select(_ => BitConverter.Int64BitsToDouble(random.NextInt64())).ToArray())).ToList();

            var packed = PackedMinute.Of(rows, columns).ShouldHaveSingleItem();

            packed.Columns.ShouldBe(columns);
            packed.Offsets.ShouldBe(offsets.Order());
            Enumerable.Range(0, offsets.Count).SelectMany(packed.Row).Select(BitConverter.DoubleToInt64Bits)
                .ShouldBe(rows.OrderBy(row => row.offset).SelectMany(row => row.Item2).Select(BitConverter.DoubleToInt64Bits));
        });
}
