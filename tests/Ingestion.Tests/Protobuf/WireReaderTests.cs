using CsCheck;
using Forewarn.Contracts;
using Google.Protobuf;

namespace Forewarn.Ingestion.Tests;

/// <summary>Against Google's own writer.</summary>
public sealed class WireReaderTests
{
    [Fact]
    public void It_reads_what_Googles_library_writes()
    {
        var field = Gen.Select(Gen.Int[1, (1 << 29) - 1], Gen.Int[0, 4], Gen.ULong, Gen.Byte.Array[0, 40]);
        field.Array[0, 20].Sample(fields =>
        {
            var reader = new WireReader(Written(fields));
            foreach (var (number, kind, value, bytes) in fields)
            {
                reader.Next().ShouldBeTrue();
                reader.Field.ShouldBe(number);
                switch (kind)
                {
                    case 0:
                        reader.Varint().ShouldBe(value);
                        break;
                    case 1:
                        reader.ZigZag().ShouldBe((long)value);
                        break;
                    case 2:
                        reader.Fixed64().ShouldBe(value);
                        break;
                    case 3:
                        reader.Fixed32().ShouldBe((uint)value);
                        break;
                    default:
                        reader.Bytes().SequenceEqual(bytes).ShouldBeTrue();
                        break;
                }
            }
            reader.Next().ShouldBeFalse();
            reader.IsBroken.ShouldBeFalse();
        }, seed: "0N0XIzNsQ0O2", iter: 2_000);
    }

    [Fact]
    public void Every_message_cut_short_within_a_field_is_broken()
    {
        byte[] message = Written([(1, 0, 300, []), (2, 2, 7, []), (3, 3, 9, []), (4, 4, 0, [1, 2, 3])]);
        int[] ends = [0, 3, 12, 17, message.Length];
        for (var length = 0; length <= message.Length; length++)
        {
            var reader = new WireReader(message.AsSpan(0, length));
            while (reader.Next())
                reader.Skip();
            reader.IsBroken.ShouldBe(!ends.Contains(length), $"{length}");
        }
    }

    [Theory]
    [InlineData(new byte[] { 0x0b })] // a group
    [InlineData(new byte[] { 0x00, 0x00 })] // field 0
    [InlineData(new byte[] { 0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01 })] // eleven bytes
    [InlineData(new byte[] { 0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f })] // 4 GiB of text
    public void What_is_no_message_is_broken(byte[] message)
    {
        var reader = new WireReader(message);
        while (reader.Next())
            reader.Skip();
        reader.IsBroken.ShouldBeTrue();
    }

    [Fact]
    public void A_field_written_another_way_than_it_should_be_is_broken()
    {
        var reader = new WireReader([0x08, 0x01]);
        reader.Next().ShouldBeTrue();
        reader.Is(2, WireType.Bytes).ShouldBeFalse();
        reader.IsBroken.ShouldBeFalse();
        reader.Is(1, WireType.Bytes).ShouldBeFalse();
        reader.IsBroken.ShouldBeTrue();
    }

    [Fact]
    public void No_bytes_make_it_fail_or_hang() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        var reader = new WireReader(bytes);
        while (reader.Next())
            reader.Skip();
    }, seed: "0N0XIzNsQ0O2", iter: 20_000);

    static byte[] Written((int Number, int Kind, ulong Value, byte[] Bytes)[] fields)
    {
        using var buffer = new MemoryStream();
        using (var output = new CodedOutputStream(buffer, leaveOpen: true))
        {
            foreach (var (number, kind, value, bytes) in fields)
            {
                output.WriteTag(number, kind switch { 0 or 1 => WireFormat.WireType.Varint, 2 => WireFormat.WireType.Fixed64, 3 => WireFormat.WireType.Fixed32, _ => WireFormat.WireType.LengthDelimited });
                if (kind == 0)
                    output.WriteUInt64(value);
                else if (kind == 1)
                    output.WriteSInt64((long)value);
                else if (kind == 2)
                    output.WriteFixed64(value);
                else if (kind == 3)
                    output.WriteFixed32((uint)value);
                else
                    output.WriteBytes(ByteString.CopyFrom(bytes));
            }
        }
        return buffer.ToArray();
    }
}
