using CsCheck;
using Forewarn.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace Forewarn.Ingestion.Tests;

public sealed class BatchPublisherTests : IClassFixture<RunningIngestion>
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    readonly RunningIngestion _ingestion;
    readonly BatchPublisher _publisher;

    public BatchPublisherTests(RunningIngestion ingestion)
    {
        _ingestion = ingestion;
        _publisher = ingestion.Services.GetRequiredService<BatchPublisher>();
    }

    static Submission Of(string entity, double value, int rows = 1, int columns = 1) => new(
        entity,
        SeriesSchema.Of([.. Enumerable.Range(0, columns).Select(i => SeriesColumn.Of($"x{i}", "1"))]),
        [.. Enumerable.Range(0, rows).Select(i => new MetricRow(i + 1, [.. Enumerable.Repeat(value, columns)]))],
        "json");

    [Fact]
    public async Task Under_any_failures_a_number_always_carries_the_same_content_and_what_was_acknowledged_is_there_in_order()
    {
        var round = 0;
        var sequences = Gen.Select(Gen.Enum<Outcome>().Array[0, 6], Gen.Int[1, 4].Array[1, 4]);
        await sequences.SampleAsync(async generated =>
        {
            var (outcomes, calls) = generated;
            var prefix = $"r{Interlocked.Increment(ref round)}-";
            foreach (var outcome in outcomes)
                _ingestion.Sidecar.Next.Enqueue(outcome);
            var acknowledged = new List<(string Entity, double Value)>();
            var value = 0.0;
            foreach (var entities in calls)
            {
                var submissions = Enumerable.Range(0, entities).Select(i => Of($"{prefix}{i}", ++value)).ToList();
                try
                {
                    (await _publisher.PublishAsync(submissions, 1, Token)).ShouldBeNull();
                    acknowledged.AddRange(submissions.Select(submission => (submission.Entity, submission.Rows[0].Values[0])));
                }
                catch (UnavailableException)
                {
                    // Not acknowledged: it may be there or not.
                }
            }
            _ingestion.Sidecar.Next.Clear();
            var arrived = _ingestion.Sidecar.Raw.Where(batch => batch.Entity.StartsWith(prefix, StringComparison.Ordinal)).ToList();
            foreach (var entity in arrived.GroupBy(batch => batch.Entity))
            {
                entity.GroupBy(batch => batch.Seq).ShouldAllBe(same => same.Select(batch => batch.Rows[0].Values[0]).Distinct().Count() == 1);
                var firsts = entity.Select(batch => batch.Seq).Distinct().ToList();
                firsts.ShouldBe(firsts.Order());
            }
            acknowledged.ShouldAllBe(sample => arrived.Any(batch => batch.Entity == sample.Entity && batch.Rows[0].Values[0] == sample.Value));
        }, iter: 15, threads: 1);
    }

    [Fact]
    public async Task Concurrent_calls_for_overlapping_entities_keep_the_numbers_in_order_on_the_wire()
    {
        var calls = Enumerable.Range(0, 20).Select(call => Task.Run(
            () => _publisher.PublishAsync([.. Enumerable.Range(0, 5).Select(i => Of($"c-{(call + i) % 7}", call))], 1, Token), Token));
        (await Task.WhenAll(calls)).ShouldAllBe(refusal => refusal == null);
        foreach (var entity in _ingestion.Sidecar.Raw.Where(batch => batch.Entity.StartsWith("c-")).GroupBy(batch => batch.Entity))
            entity.Select(batch => batch.Seq).ShouldBe(Enumerable.Range(1, entity.Count()).Select(seq => (long)seq));
    }

    [Fact]
    public async Task A_large_submission_travels_in_parts_that_fit_a_message()
    {
        (await _publisher.PublishAsync([Of("large", 1, rows: 1_000, columns: 100)], 1, Token)).ShouldBeNull();
        var parts = _ingestion.Sidecar.Raw.Where(batch => batch.Entity == "large").ToList();
        parts.Select(part => part.Seq).ShouldBe([1, 2, 3, 4, 5]);
        parts.SelectMany(part => part.Rows).Select(row => row.T).ShouldBe(Enumerable.Range(1, 1_000).Select(t => (long)t));
    }

    [Fact]
    public void Rows_that_waited_travel_as_one_message_per_entity_and_shape()
    {
        var merged = Outbox.Merge(
        [
            Of("a", 1) with { Rows = [new MetricRow(2, [2])] }, Of("b", 1), Of("a", 1) with { Rows = [new MetricRow(1, [1])] }, Of("a", 1, columns: 2),
        ]);
        merged.Count.ShouldBe(3);
        merged[0].Rows.Select(row => row.T).ShouldBe([1, 2]);
    }
}
