using CsCheck;
using Forewarn.Contracts;
using Forewarn.Gateway.Exposition;
using Forewarn.Gateway.Status;

namespace Forewarn.Gateway.Tests;

/// <summary>How many series one scrape gets, and which.</summary>
public sealed class MetricsBoundTests
{
    /// <summary>Series of an entity on one cadence, and of a metric with band and z but no forecast.</summary>
    const int PerEntity = 7, PerMetric = 4, PerForecast = 7;

    /// <summary>Families that the bound is about; the others have a fixed number of series.</summary>
    static readonly HashSet<string> Bounded =
        [Families.IncidentInfo.Name, Families.IncidentOpened.Name, Families.Model.Name, .. Families.OfEntities.Select(family => family.Name), .. Families.OfMetrics.Concat(Families.OfForecasts).Select(family => family.Name)];

    static readonly SeriesSchema Ten = SeriesSchema.Of([.. Enumerable.Range(0, 10).Select(i => SeriesColumn.Of($"m.{i}", "1"))]);

    [Fact]
    public async Task Above_the_bound_entities_stay_and_metrics_go_and_what_went_is_counted()
    {
        await using var app = await GatewayApp.StartAsync("--Gateway:MetricsSeries=100");
        var fleet = new Fleet(app);
        await fleet.TellAsync(Enumerable.Range(0, 10).Select(i => fleet.Verdict($"h-{i}", Ten, outlook: Fleet.Band(Ten, 0, 1))));

        var scrape = await fleet.ScrapeAsync();

        scrape.Of("forewarn_entity_score").Count().ShouldBe(10);
        // 30 series are left for metrics: seven of the first entity.
        scrape.Of("forewarn_metric_value").Select(sample => (sample["entity"], sample["metric"])).ShouldBe(Enumerable.Range(0, 7).Select(i => ("h-0", $"m.{i}")));
        scrape.One("forewarn_exposition_series_limit").Value.ShouldBe(100);
        LeftOut(scrape, "metric").ShouldBe((100 - 7) * PerMetric);
        LeftOut(scrape, "entity").ShouldBe(0);
        scrape.Samples.Count(sample => Bounded.Contains(sample.Name)).ShouldBe((10 * PerEntity) + (7 * PerMetric));
    }

    [Fact]
    public async Task Strange_entities_and_metrics_and_those_on_their_way_to_a_limit_come_before_others()
    {
        await using var app = await GatewayApp.StartAsync("--Gateway:MetricsSeries=100");
        var fleet = new Fleet(app);
        await fleet.TellAsync(Enumerable.Range(0, 20).Select(i => fleet.Verdict($"h-{i:00}", Ten)));
        await fleet.TellAsync(
            fleet.Verdict("y", Ten, tick => tick with { Anomalous = true, Z = [0, 0, 0, 0, 4, 0, 0, 0, -9, 0] }),
            fleet.Verdict("z", Ten, tick => tick with { Anomalous = true }));

        var crowded = await fleet.ScrapeAsync();
        crowded.Of("forewarn_entity_score").Count().ShouldBe(100 / PerEntity);
        crowded.Of("forewarn_entity_anomalous").Where(sample => sample.Value == 1).Select(sample => sample["entity"]).ShouldBe(["y", "z"]);
        LeftOut(crowded, "entity").ShouldBe((22 - (100 / PerEntity)) * PerEntity);
        crowded.Of("forewarn_metric_value").Select(sample => sample["metric"]).ShouldBe(["m.8"]);

        // Of four entities two are here; their metrics compete for what is left.
        await fleet.TellAsync(fleet.Verdict("y", Ten, tick => tick with { Anomalous = true, Z = [0, 0, 0, 0, 4, 0, 0, 0, -9, 0] }, Fleet.Band(Ten, 0, 1, Fleet.Breach(Ten.Columns[2]))));
        var few = await fleet.ScrapeAsync("?entity=y&entity=h-0*");
        few.Of("forewarn_metric_value").Where(sample => sample["entity"] == "y").Select(sample => sample["metric"]).ShouldBe(["m.2", "m.4", "m.8"]);
        few.Of("forewarn_breach_probability").Count().ShouldBe(3);
    }

    [Fact]
    public async Task The_same_series_are_there_in_every_scrape_while_nothing_becomes_strange()
    {
        await using var app = await GatewayApp.StartAsync("--Gateway:MetricsSeries=200");
        var fleet = new Fleet(app);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var scrape = 0; scrape < 10; scrape++)
        {
            var random = new Random(scrape);
            // Unusual values, but no decision: what comes and goes by itself must not choose.
            await fleet.TellAsync(Enumerable.Range(0, 20).Select(i => fleet.Verdict($"h-{i}", Ten, tick => tick with { Z = [.. tick.Z.Select(_ => (float)(random.NextDouble() * 20))], P = random.NextDouble() })));
            seen.UnionWith((await fleet.ScrapeAsync()).Samples.Where(sample => Bounded.Contains(sample.Name)).Select(sample => sample.Identity));
        }

        seen.Count.ShouldBeLessThanOrEqualTo(200);
        seen.Count.ShouldBeGreaterThan(190);
    }

    [Fact]
    public async Task Of_very_many_incidents_the_worst_and_newest_are_told_each_and_all_are_counted()
    {
        await using var app = await GatewayApp.StartAsync("--Gateway:MetricsSeries=100");
        var fleet = new Fleet(app);
        await fleet.TellAsync(Enumerable.Range(0, 80).Select(i => Samples.Incident($"i-{i}", 1) with { OpenedAt = i, Severity = i < 5 ? IncidentSeverity.Critical : IncidentSeverity.Info }));

        var scrape = await fleet.ScrapeAsync();

        scrape.Of("forewarn_incidents").Sum(sample => sample.Value).ShouldBe(80);
        scrape.Of("forewarn_incident_info").Select(sample => sample["incident"])
            .ShouldBe([.. Enumerable.Range(0, 5).Reverse().Select(i => $"i-{i}"), .. Enumerable.Range(35, 45).Reverse().Select(i => $"i-{i}")]);
        LeftOut(scrape, "incident").ShouldBe(60);
    }

    [Fact]
    public void The_bound_holds_whatever_there_is_and_nothing_is_left_out_below_it()
    {
        var entity = Gen.Select(Gen.Int[0, 3], Gen.Bool, Gen.Bool, Gen.Bool, (columns, anomalous, forecast, twice) => (columns, anomalous, forecast, twice));
        Gen.Select(entity.List[0, 12], Gen.Int[0, 12], Gen.Int[0, 400]).Sample((entities, incidents, bound) =>
        {
            var columns = Enumerable.Range(0, 4).Select(count => SeriesSchema.Of([.. Ten.Columns.Take(count)])).ToDictionary(schema => schema.Hash, schema => new ColumnLabels(schema), StringComparer.Ordinal);
            List<EntityVerdicts> present = [.. entities.Select((one, i) => Entity($"e-{i:00}", one.columns, one.anomalous, one.forecast, one.twice))];
            List<OpenIncident> open = [.. Enumerable.Range(0, incidents).Select(i => new OpenIncident($"i-{i}", "e-00", DetectionKind.Joint, IncidentSeverity.Warning, IncidentStatus.Open, i, IsMuted: false))];

            var plan = ExpositionPlan.Of(new ExpositionRequest([], [], WithMetrics: true), bound, present, open, columns);

            var written = (plan.Incidents.Count * 2) + plan.Entities.Sum(planned => planned.Verdicts.Cadences.Count * PerEntity)
                + plan.Entities.Sum(planned => planned.Chosen.Select((chosen, column) => chosen ? PerMetric + (planned.Forecasts?[column] is null ? 0 : PerForecast) : 0).Sum());
            var all = (incidents * 2) + entities.Sum(one => (PerEntity * (one.twice ? 2 : 1)) + (PerMetric * one.columns) + (one.forecast && one.columns > 0 ? PerForecast : 0));
            written.ShouldBeLessThanOrEqualTo(bound);
            (written + plan.LeftOut.Incidents + plan.LeftOut.Entities + plan.LeftOut.Metrics).ShouldBe(all);
            if (all <= bound)
                plan.LeftOut.ShouldBe(new LeftOut(0, 0, 0, 0));
        });

        static EntityVerdicts Entity(string name, int columns, bool anomalous, bool forecast, bool twice)
        {
            var schema = SeriesSchema.Of([.. Ten.Columns.Take(columns)]);
            var tick = new PredictionTick { T = 1, Score = 0, P = 1, Anomalous = anomalous, Values = new float[columns], Z = new float[columns] };
            var verdict = new Verdict(name, 1_000, EntityMaturity.Warm, "m", schema.Hash, tick, Fleet.Band(schema, 0, 1, forecast && columns > 0 ? [Fleet.Breach(schema.Columns[0])] : []));
            return new EntityVerdicts(name, twice ? [verdict, verdict with { CadenceMs = 60_000 }] : [verdict]);
        }
    }

    static double LeftOut(ScrapeReader scrape, string level) =>
        scrape.Of("forewarn_exposition_left_out_series").Single(sample => sample["level"] == level && sample["reason"] == "limit").Value;
}
