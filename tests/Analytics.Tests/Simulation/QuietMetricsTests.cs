namespace Forewarn.Analytics.Tests.Simulation;

/// <summary>What the watches of single metrics tell where nothing is wrong.</summary>
public sealed class QuietMetricsTests(ITestOutputHelper output)
{
    // Rules were chosen on the labelled sets; judged on these.
    const int FirstSeed = 401;
    const int Hosts = 20;
    const int Seconds = MaturityLevels.WarmSamples + 3600;
    const double Improbable = 1e-6;
    const string Batch = "system.cpu.0.utilization";

    [Fact]
    public void An_hour_of_twenty_hosts_with_jobs_gaps_collections_and_a_batch_tells_next_to_nothing_but_the_batch()
    {
        var told = Enumerable.Range(FirstSeed, Hosts).AsParallel().AsOrdered().SelectMany(Watch).ToList();
        var batches = told.Where(opening => opening.Metric == Batch).GroupBy(opening => opening.Seed).ToList();
        var others = told.Where(opening => opening.Metric != Batch).ToList();
        output.WriteLine($"{Hosts} host hours: {others.Count} openings, {string.Join(", ", others)}; of three batches a host {batches.Sum(host => host.Count())} of {3 * Hosts} were told");
        others.Count.ShouldBeLessThanOrEqualTo(4);
        batches.ShouldAllBe(host => host.Count() <= 3, "once each");
    }

    static List<Opening> Watch(int seed)
    {
        var (host, random) = (new HostSimulator(seed), new SeededRandom(seed, 11));
        var names = host.Series.Select(one => one.Name).Append("jvm.memory.used").ToArray();
        var series = host.Series.Select(one => new SeriesFeatures(one.Unit)).Append(new SeriesFeatures("By")).ToArray();
        var watches = names.Select(_ => new MetricWatch()).ToArray();
        var (values, features, heap, wasOpen) = (new double[host.Series.Count], new float[FeatureSpec.Count], 2e8, false);
        var told = new List<Opening>();
        for (var tick = 0; tick < Seconds; tick++)
        {
            host.Next(tick, Fault.None, 0, values);
            heap = heap > 9e8 ? 2e8 : heap + random.Between(5e6, 2e7);
            var isOpen = false;
            for (var i = 0; i < series.Length; i++)
            {
                // A batch of three minutes halfway of each twenty, one reading in a hundred lost, and a scrape of ten seconds for the last disk.
                var value = i == values.Length ? heap : names[i] == Batch && tick % 1200 is >= 600 and < 780 ? 0.9 + (0.05 * random.NextDouble()) : values[i];
                var isLost = random.Chance(0.01) || (names[i].Contains("{1,", StringComparison.Ordinal) && tick % 10 != 0);
                series[i].Update(tick * 1000L, isLost ? double.NaN : value, features);
                var happens = watches[i].Take(tick * 1000L, features, Improbable / series.Length);
                isOpen |= happens != MetricEvent.None;
                if (happens != MetricEvent.None && !wasOpen)
                {
                    told.Add(new Opening(seed, tick, names[i], happens));
                    wasOpen = true;
                }
            }

            wasOpen = isOpen;
        }

        return told;
    }

    sealed record Opening(int Seed, int Tick, string Metric, MetricEvent Happens);
}
