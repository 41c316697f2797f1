using Forewarn.Contracts;
using Forewarn.Gateway.Exposition;
using Forewarn.Testing;

namespace Forewarn.Gateway.Tests;

/// <summary>docs/prometheus.md promises names, types and labels; a scrape has these and no others.</summary>
public sealed class MetricsContractTests
{
    sealed record Promise(string Name, string Type, string Labels);

    [Fact]
    public void The_table_lists_every_family_in_the_order_of_the_scrape() =>
        Table().ShouldBe(Families.All.Select(family => new Promise(family.Name, family.IsInfo ? "info" : "gauge", string.Join(", ", [.. Families.CommonLabels(family), .. family.Labels]))));

    [Fact]
    public async Task Series_have_the_labels_that_are_promised()
    {
        await using var app = await GatewayApp.StartAsync();
        var fleet = new Fleet(app);
        await fleet.TellAsync(fleet.Verdict("web-1", Fleet.Host, outlook: Fleet.Band(Fleet.Host, 0, 1, Fleet.Breach(Fleet.Host.Columns[1]))));
        await fleet.TellAsync(Samples.Incident("i-1", 1));
        await app.DeliverAsync(Topics.Models, ContractJson.Default.ModelEvent, new ModelEvent { Model = Samples.Champion("v") });

        var scrape = await fleet.ScrapeAsync();

        foreach (var promise in Table())
        {
            var promised = promise.Labels.Split(", ", StringSplitOptions.RemoveEmptyEntries).Where(label => label != "label_*").ToList();
            var series = scrape.Of(promise.Name).ToList();
            series.ShouldNotBeEmpty(promise.Name);
            foreach (var sample in series)
                sample.Labels.Keys.Where(label => !(promise.Labels.Contains("label_*", StringComparison.Ordinal) && label.StartsWith("label_", StringComparison.Ordinal))).ShouldBe(promised, ignoreOrder: true, promise.Name);
        }
        scrape.Samples.Select(sample => sample.Name).Distinct(StringComparer.Ordinal).ShouldBe(Table().Select(promise => promise.Name));
    }

    static List<Promise> Table() =>
        [.. File.ReadLines(Path.Combine(Checkout.Root, "docs", "prometheus.md")).Where(line => line.StartsWith("| `forewarn_", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)).Select(cells => new Promise(cells[1].Trim('`'), cells[2], cells[3]))];
}
