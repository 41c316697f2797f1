using CsCheck;

namespace Forewarn.Contracts.Tests;

public sealed class JoinedSchemaTests
{
    static readonly Gen<SeriesSchema> Part = Gen.Int[0, 9].HashSet[1, 5].Select(names => SeriesSchema.Of([.. names.Select(name => SeriesColumn.Of($"metric{name}", "1"))]));

    [Fact]
    public void Sets_of_columns_join_to_the_same_schema_in_any_order_with_each_series_once() => Part.Array[1, 4].Sample(parts =>
    {
        var joined = SeriesSchema.Join(parts);

        SeriesSchema.Join([.. parts.Reverse()]).Hash.ShouldBe(joined.Hash);
        joined.Columns.Select(column => column.Id).ShouldBe(parts.SelectMany(part => part.Columns).Select(column => column.Id).Distinct(), ignoreOrder: true);
        joined.Hash.ShouldBe(SeriesSchema.Of(joined.Columns).Hash);
    });

    [Fact]
    public void A_single_set_stays_what_it_is_and_several_are_the_same_however_they_were_cut()
    {
        SeriesColumn[] columns = [SeriesColumn.Of("b", "1"), SeriesColumn.Of("a", "1"), SeriesColumn.Of("c", "1")];
        SeriesSchema[] parts = [SeriesSchema.Of(columns[..2]), SeriesSchema.Of(columns[2..])];

        SeriesSchema.Join([parts[0]]).ShouldBeSameAs(parts[0]);
        SeriesSchema.Join(parts).Hash.ShouldBe(SeriesSchema.Join([SeriesSchema.Of(columns[..1]), SeriesSchema.Of(columns[1..])]).Hash);
    }
}
