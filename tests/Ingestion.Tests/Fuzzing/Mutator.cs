namespace Forewarn.Ingestion.Tests;

/// <summary>Endless inputs out of a few valid ones; the same seed gives the same.</summary>
sealed class Mutator(IFuzzTarget target, int seed)
{
    const int MostBytes = 4096;

    static readonly byte[][] _telling =
    [
        [0], [0x7f], [0x80], [0xff], [0xff, 0xff, 0xff, 0xff], [0, 0, 0, 0, 0, 0, 0xf0, 0x7f], [0x01, 0, 0, 0, 0, 0, 0xf8, 0x7f],
        [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], [0x80, 0x80, 0x80, 0x80, 0x08], [0xc3], [0xed, 0xa0, 0x80], [0xe2, 0x80, 0xae],
        "-"u8.ToArray(), "1e999"u8.ToArray(), "99999999999999999999"u8.ToArray(), "NaN"u8.ToArray(), "\n"u8.ToArray(), "\""u8.ToArray(), "\\"u8.ToArray(),
    ];

    readonly Random _random = new(seed);
    readonly byte[][] _pieces = [.. _telling, .. target.Tokens];
    readonly List<byte> _input = [];

    /// <summary>The next input; valid until the one after it.</summary>
    public ReadOnlySpan<byte> Next()
    {
        _input.Clear();
        _input.AddRange(Any(target.Corpus));
        for (var changes = _random.Next(8); changes > 0; changes--)
            Change();
        if (_input.Count > MostBytes)
            _input.RemoveRange(MostBytes, _input.Count - MostBytes);
        return System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_input);
    }

    void Change()
    {
        var (from, length) = Part(_input.Count);
        switch (_random.Next(7))
        {
            case 0 when _input.Count > 0:
                _input[_random.Next(_input.Count)] ^= (byte)(1 << _random.Next(8));
                break;
            case 1 when _input.Count > 0:
                _input[_random.Next(_input.Count)] = (byte)_random.Next(256);
                break;
            case 2:
                _input.RemoveRange(from, length);
                break;
            case 3:
                _input.InsertRange(_random.Next(_input.Count + 1), _input.GetRange(from, length));
                break;
            case 4:
                _input.InsertRange(_random.Next(_input.Count + 1), Any(_pieces));
                break;
            case 5:
                var piece = Any(_pieces);
                for (var i = 0; i < piece.Length && from + i < _input.Count; i++)
                    _input[from + i] = piece[i];
                break;
            default:
                var other = Any(target.Corpus);
                var (begin, taken) = Part(other.Length);
                _input.InsertRange(_random.Next(_input.Count + 1), other[begin..(begin + taken)]);
                break;
        }
    }

    (int From, int Length) Part(int length)
    {
        var from = _random.Next(length + 1);
        return (from, _random.Next(Math.Min(length - from, 64) + 1));
    }

    byte[] Any(IReadOnlyList<byte[]> among) => among[_random.Next(among.Count)];
}
