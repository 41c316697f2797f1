namespace Forewarn.History.RollUps;

/// <summary>Rows of one entity, schema and minute, column after column, so that neighbours are alike and compress well.</summary>
/// <param name="Offsets">Milliseconds of each row after the begin of the minute, ascending; one may stand there several times.</param>
/// <param name="Values">The values of the first column, then those of the second, and so on; bit for bit as they came.</param>
readonly record struct PackedMinute(int[] Offsets, double[] Values)
{
    /// <summary>Values of one at most, unless a row alone has more: PostgreSQL keeps it in one piece and readers in memory.</summary>
    const int MostValues = 500_000;

    public int Columns => Offsets.Length == 0 ? 0 : Values.Length / Offsets.Length;

    /// <summary>Packs rows of the same width, in any order; several minutes' worth of values become several pieces.</summary>
    public static IEnumerable<PackedMinute> Of(IReadOnlyList<(int Offset, double[] Values)> rows, int columns)
    {
        foreach (var piece in rows.OrderBy(row => row.Offset).Chunk(Math.Max(1, MostValues / Math.Max(1, columns))))
        {
            var values = new double[piece.Length * columns];
            for (var row = 0; row < piece.Length; row++)
            {
                var from = piece[row].Values;
                for (var column = 0; column < columns; column++)
                    values[(column * piece.Length) + row] = from[column];
            }
            yield return new PackedMinute(Array.ConvertAll(piece, row => row.Offset), values);
        }
    }

    public double[] Row(int row)
    {
        var values = new double[Columns];
        for (var column = 0; column < values.Length; column++)
            values[column] = Values[(column * Offsets.Length) + row];
        return values;
    }
}
