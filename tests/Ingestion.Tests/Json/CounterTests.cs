using System.Net;
using Forewarn.Contracts;

namespace Forewarn.Ingestion.Tests;

public sealed class CounterTests(RunningIngestion ingestion) : IClassFixture<RunningIngestion>
{
    readonly long _t0 = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - 600_000;

    [Fact]
    public async Task A_counter_is_published_under_its_name_as_rate_per_second_and_what_stands_beside_it_as_it_is()
    {
        await SendAsync("c-mixed", (0, 1000, 5), (10, 3000, 6));
        await SendAsync("c-mixed", (20, 3500, 7));

        Rates("c-mixed").ShouldBe([double.NaN, 200, 50]);
        Rows("c-mixed").Select(row => row.Values[1]).ShouldBe([5, 6, 7]);
        var columns = ingestion.Sidecar.Schema(ingestion.Sidecar.Raw.First(batch => batch.Entity == "c-mixed").Schema).Columns;
        columns.Select(column => (column.Name, column.Unit)).ShouldBe([("sent", "By/s"), ("level", "1")]);
    }

    [Theory]
    [InlineData("s", "1")]
    [InlineData("{request}", "{request}/s")]
    public async Task Its_unit_is_that_of_the_rate(string unit, string ofRate)
    {
        var entity = $"c-unit-{ofRate.Length}";
        using var response = await ingestion.PostAsync($$"""{"entity":"{{entity}}","series":[{"name":"x","unit":"{{unit}}","type":"counter"}],"rows":[{"values":[1]}]}""");
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        ingestion.Sidecar.Schema(ingestion.Sidecar.Raw.Single(batch => batch.Entity == entity).Schema).Columns[0].Unit.ShouldBe(ofRate);
    }

    [Fact]
    public async Task After_a_reset_what_was_counted_since_is_the_increase()
    {
        await SendAsync("c-reset", (0, 1000, 0), (10, 2000, 0), (20, 300, 0), (30, 400, 0));

        Rates("c-reset").ShouldBe([double.NaN, 100, 30, 10]);
    }

    [Fact]
    public async Task A_gap_a_missing_value_and_a_sample_that_comes_again_give_no_rate_and_spoil_none()
    {
        await SendAsync("c-holes", (0, 100, 0), (10, null, 0), (20, 300, 0));
        await SendAsync("c-holes", (20, 300, 0));
        await SendAsync("c-holes", (5, 200, 0));
        await SendAsync("c-holes", (30, 400, 0));

        Rates("c-holes").ShouldBe([double.NaN, double.NaN, 10, double.NaN, double.NaN, 10]);
    }

    [Fact]
    public async Task After_a_restart_of_ingestion_the_first_sample_has_no_rate()
    {
        await SendAsync("c-restart", (0, 100, 0), (10, 200, 0));
        await using var restarted = await RunningIngestion.StartAsync();
        using var again = await restarted.PostAsync(Batch("c-restart", [(20, 1300, 0), (30, 1400, 0)]));

        Rates("c-restart").ShouldBe([double.NaN, 10]);
        restarted.Sidecar.Raw.SelectMany(batch => batch.Rows).Select(row => row.Values[0]).ShouldBe([double.NaN, 10]);
    }

    [Fact]
    public async Task What_the_broker_did_not_take_is_counted_when_it_is_sent_again()
    {
        await SendAsync("c-away", (0, 100, 0));
        ingestion.Sidecar.Otherwise = Outcome.Lost;
        using var refused = await ingestion.PostAsync(Batch("c-away", [(10, 200, 0)]));
        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        ingestion.Sidecar.Otherwise = Outcome.Stored;
        await SendAsync("c-away", (10, 200, 0));

        Rates("c-away").ShouldBe([double.NaN, 10]);
    }

    [Fact]
    public async Task The_same_counter_of_two_entities_in_one_request_is_two_counters()
    {
        using var response = await ingestion.PostAsync($"[{Batch("c-one", [(0, 100, 0), (10, 200, 0)])},{Batch("c-two", [(0, 5000, 0), (10, 5010, 0)])},{Batch("c-one", [(20, 400, 0)])}]");

        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        Rates("c-one").ShouldBe([double.NaN, 10, 20]);
        Rates("c-two").ShouldBe([double.NaN, 1]);
    }

    [Fact]
    public void Counters_that_fell_silent_are_forgotten_and_never_more_are_kept_than_an_entity_may_have()
    {
        var rates = new CounterRates(capacity: 3);
        for (var i = 0; i < 10; i++)
            Take(rates, $"x{i}", t: i);
        rates.Count.ShouldBe(3);
        Take(rates, "late", t: 2 * Analytics.CounterRate.LongestGapMs);
        rates.Count.ShouldBe(1);
    }

    static void Take(CounterRates rates, string name, long t)
    {
        MetricRow[] rows = [new(t, [1])];
        rates.Convert(new Submission("e", SeriesSchema.Of([SeriesColumn.Of(name, "1/s")]), rows, Sources.Json) { Counting = [new Counting(true)] }, rows);
        rates.Keep();
    }

    async Task SendAsync(string entity, params (int Seconds, double? Counter, double Level)[] rows)
    {
        using var response = await ingestion.PostAsync(Batch(entity, rows));
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    string Batch(string entity, (int Seconds, double? Counter, double Level)[] rows) =>
        $$"""{"entity":"{{entity}}","series":[{"name":"sent","unit":"By","type":"counter"},{"name":"level","type":"gauge"}],"rows":[{{string.Join(',', rows.Select(Row))}}]}""";

    string Row((int Seconds, double? Counter, double Level) row) =>
        FormattableString.Invariant($$"""{"t":{{_t0 + (row.Seconds * 1000)}},"values":[{{row.Counter?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "null"}},{{row.Level}}]}""");

    IEnumerable<MetricRow> Rows(string entity) => ingestion.Sidecar.Raw.Where(batch => batch.Entity == entity).SelectMany(batch => batch.Rows);

    IEnumerable<double> Rates(string entity) => Rows(entity).Select(row => row.Values[0]);
}
