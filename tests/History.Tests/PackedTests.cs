using Forewarn.Contracts;
using Forewarn.History.Ranges;
using Forewarn.History.Storage;

namespace Forewarn.History.Tests;

public sealed class PackedTests : IAsyncLifetime
{
    HistoryApp _app = null!;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = await HistoryApp.StartAsync();
        Needs.Native(_app);
        // Seals what is over, so that rows from now on wait for their minute to be packed.
        await _app.RollUpAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
    }

    [Fact]
    public async Task Values_come_back_bit_for_bit_from_a_packed_minute()
    {
        double[] odd = [0.0, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, -double.Epsilon, double.MaxValue, double.MinValue, 1e-310, 0.1, Math.PI];
        var wide = _app.Schema("a", "never", "b");
        var narrow = _app.Schema("c");
        var other = _app.Schema("d", "e");
        await _app.StoreAsync(0,
            HistoryApp.Batch(wide, "e", "p", 1, [.. odd.Select((value, i) => new MetricRow(HistoryApp.At(i * 0.25), [value, double.NaN, odd[^(i + 1)]]))]),
            HistoryApp.Batch(narrow, "e", "q", 1, [.. odd.Select((value, i) => new MetricRow(HistoryApp.At(i * 10), [value]))]),
            HistoryApp.Batch(other, "f", "p", 1, new MetricRow(HistoryApp.At(59.999), [1, 2]), new MetricRow(HistoryApp.At(60), [3, 4])));
        var (e, f) = (await RawAsync("e"), await RawAsync("f"));
        e.Count.ShouldBe(2 * odd.Length);

        await LaterAsync(TimeSpan.FromMinutes(5));

        (await CountAsync("ticks_packed", "sum(cardinality(offsets))")).ShouldBe(e.Count + f.Count);
        (await CountAsync("ticks_packed")).ShouldBe(1 + 2 + 2, "one row per entity, schema and minute");
        (await RawAsync("e")).ShouldBe(e);
        (await RawAsync("f")).ShouldBe(f);
        (await _app.ScalarAsync<string>("SELECT string_agg(name || '=' || value, ' ' ORDER BY t, name) FROM history.samples WHERE entity = 'f'")).ShouldBe("d=1 e=2 d=3 e=4");
        (await CountAsync("samples", where: "entity = 'e'")).ShouldBe((3 * odd.Length) - 3, "what was not measured is no sample");
        (await _app.ScalarAsync<string>("SELECT string_agg(value::text, ' ' ORDER BY t) FROM history.samples WHERE name = 'c'"))
            .ShouldBe("0 -0 Infinity -Infinity 5e-324 -5e-324 1.7976931348623157e+308 -1.7976931348623157e+308 1e-310 0.1 3.141592653589793");
    }

    [Fact]
    public async Task A_span_of_the_view_holds_its_rows_and_no_others_packed_or_not()
    {
        var schema = _app.Schema("a");
        await _app.StoreAsync(0, Numbered(schema, "e", 1, Enumerable.Range(0, 300).Select(i => (double)i)));
        foreach (var pause in new[] { 0, 200, 3_600 })
        {
            await LaterAsync(TimeSpan.FromSeconds(pause));
            (await _app.ScalarAsync<string>($"""
                SELECT min(value) || ' ' || max(value) || ' ' || count(*)
                FROM history.samples_between(to_timestamp({HistoryApp.At(61) / 1000}), to_timestamp({HistoryApp.At(239) / 1000})) WHERE entity = 'e' AND name = 'a'
                """)).ShouldBe("61 238 178");
        }
    }

    [Fact]
    public async Task A_late_row_joins_its_packed_minute_once_also_when_it_comes_again()
    {
        var schema = _app.Schema("a");
        await _app.StoreAsync(0, Numbered(schema, "e", 1, [0, 1, 59]));
        await LaterAsync(TimeSpan.FromMinutes(3));
        var late = Numbered(schema, "e", 2, [30, 1]);

        await _app.StoreAsync(0, late);
        (await RawAsync("e")).Select(row => row.T).ShouldBe(Times(0, 1, 1, 30, 59));
        (await _app.StoreAsync(0, late)).Duplicates.ShouldBe(1);
        await LaterAsync(TimeSpan.FromMinutes(1));
        (await _app.StoreAsync(0, late)).Duplicates.ShouldBe(1);
        await LaterAsync(TimeSpan.FromMinutes(1));

        (await CountAsync("ticks")).ShouldBe(0);
        (await _app.ScalarAsync<string>("SELECT string_agg(offsets::text, ' ') FROM history.ticks_packed")).ShouldBe("{0,1000,1000,30000,59000}");
        (await RawAsync("e")).Select(row => row.T).ShouldBe(Times(0, 1, 1, 30, 59));
        (await _app.ScalarAsync<string>("SELECT max || ' ' || count FROM history.samples_1m")).ShouldBe("59 5");
    }

    [Fact]
    public async Task A_step_that_fails_midway_packs_nothing_and_the_next_one_all()
    {
        var schema = _app.Schema("a");
        await _app.StoreAsync(0, Numbered(schema, "e", 1, Enumerable.Range(0, 150).Select(i => (double)i)));
        var before = await RawAsync("e");
        await _app.RefuseAsync("ticks_packed", "NEW.offsets[1] = 0");
        _app.Time.Advance(TimeSpan.FromMinutes(5));
        await Should.ThrowAsync<Npgsql.PostgresException>(() => _app.RollUpAsync());
        (await RawAsync("e")).ShouldBe(before);
        await _app.ExecuteAsync("DROP TRIGGER broken ON history.ticks_packed");

        // As if the process had died between packing and the commit.
        await _app.RefuseAsync("ticks_1m", "NEW.counts[1] = 30");
        await Should.ThrowAsync<Npgsql.PostgresException>(() => _app.RollUpAsync());
        (await CountAsync("ticks_packed")).ShouldBeLessThan(3);
        (await RawAsync("e")).ShouldBe(before);
        await _app.ExecuteAsync("DROP TRIGGER broken ON history.ticks_1m");

        await _app.RollUpAsync();
        (await CountAsync("ticks_packed")).ShouldBe(3);
        (await RawAsync("e")).ShouldBe(before);
    }

    [Fact]
    public async Task Hours_that_are_packed_are_dropped_an_hour_later_and_nothing_goes_missing()
    {
        var schema = _app.Schema("a");
        await _app.StoreAsync(0, Numbered(schema, "e", 1, [0, 3_599, 3_600]));
        (await _app.PartitionsAsync("ticks_recent")).ShouldBe(["ticks_recent_2026031011", "ticks_recent_2026031012", "ticks_recent_2026031013"]);
        (await CountAsync("ticks_recent")).ShouldBe(3);

        await _app.KeepHouseAsync(TimeSpan.FromMinutes(119));
        (await _app.PartitionsAsync("ticks_recent")).ShouldContain("ticks_recent_2026031012");
        await _app.KeepHouseAsync(TimeSpan.FromMinutes(122));

        (await _app.PartitionsAsync("ticks_recent")).ShouldBe(["ticks_recent_2026031013", "ticks_recent_2026031014", "ticks_recent_2026031015"]);
        (await RawAsync("e")).Select(row => row.T).ShouldBe(Times(0, 3_599, 3_600));

        // Retention drops what is packed by days.
        await _app.KeepHouseAsync(TimeSpan.FromDays(29));
        (await CountAsync("samples")).ShouldBe(3);
        await _app.KeepHouseAsync(TimeSpan.FromDays(31));
        (await CountAsync("samples")).ShouldBe(0);
        (await _app.PartitionsAsync("ticks_packed")).ShouldNotContain("ticks_packed_20260310");
    }

    /// <summary>What an earlier version has stored, or one that is still running beside this one, lies in <c>ticks</c>.</summary>
    [Fact]
    public async Task Rows_from_before_there_were_packed_minutes_are_read_where_they_are_and_dropped_by_retention()
    {
        var schema = _app.Schema("a");
        await _app.StoreAsync(0, Numbered(schema, "e", 1, [-7_200, 0, 1]));
        await LaterAsync(TimeSpan.FromMinutes(10));
        var before = await RawAsync("e");
        await _app.ExecuteAsync("""
            INSERT INTO history.ticks SELECT k.t + k.offsets[1] * interval '1 ms', entity, schema, values[1:1] FROM history.ticks_packed k;
            INSERT INTO history.ticks SELECT k.t + k.offsets[2] * interval '1 ms', entity, schema, values[2:2] FROM history.ticks_packed k WHERE cardinality(offsets) = 2;
            TRUNCATE history.ticks_packed, history.ticks_recent
            """);

        (await RawAsync("e")).ShouldBe(before);
        (await _app.MeansAsync("e", schema.Columns[0].Id, 0, 60, 1_000)).ShouldBe("0=0 1=1");
        await _app.StoreAsync(0, Numbered(schema, "e", 2, [600, 2]));
        await LaterAsync(TimeSpan.FromMinutes(10));
        (await RawAsync("e")).Select(row => row.T).ShouldBe(Times(-7_200, 0, 1, 2, 600));
        (await CountAsync("ticks")).ShouldBe(1, "a minute that gets a late row is packed as a whole");

        await _app.KeepHouseAsync(TimeSpan.FromDays(40));
        (await RawAsync("e")).ShouldBeEmpty();
    }

    /// <summary>What the roller of the version before does, where a replica of it still runs.</summary>
    [Theory]
    [InlineData("UPDATE history.roll_ups SET since = since, rolled_hours = rolled_hours, rolled = rolled + interval '1 minute' WHERE stream = 'r'")]
    [InlineData("DELETE FROM history.late WHERE stream = 'r'")]
    public async Task A_version_that_does_not_pack_may_not_roll_up(string statement)
    {
        var refused = await Should.ThrowAsync<Npgsql.PostgresException>(() => _app.ExecuteAsync(statement));

        refused.MessageText.ShouldContain("stop the replicas of the version before");
    }

    [Fact]
    public async Task The_newest_values_of_who_fell_silent_come_from_packed_minutes_also_those_that_are_masked_in_the_last_row()
    {
        var schema = _app.Schema("a", "b", "c");
        await _app.StoreAsync(0, HistoryApp.Batch(schema, "silent", "p", 1,
            new(HistoryApp.At(10), [1, 1, double.NaN]), new(HistoryApp.At(30), [2, 2, double.NaN]), new(HistoryApp.At(130), [3, double.NaN, double.NaN])));
        var before = await LatestAsync();

        await LaterAsync(TimeSpan.FromMinutes(30));

        before.ShouldBe([("a", HistoryApp.At(130), 3), ("b", HistoryApp.At(30), 2)]);
        (await LatestAsync()).ShouldBe(before);
        await _app.StoreAsync(0, HistoryApp.Batch(schema, "silent", "p", 2, new MetricRow(HistoryApp.At(140), [double.NaN, double.NaN, 5])));
        (await LatestAsync()).ShouldBe([("a", HistoryApp.At(130), 3), ("b", HistoryApp.At(30), 2), ("c", HistoryApp.At(140), 5)]);

        async Task<List<(string, long, double)>> LatestAsync()
        {
            using var client = _app.Client();
            var values = await Pages.AllAsync(client, "/v1/latest?entity=silent", ContractJson.Default.PageLatestValue);
            return [.. values.OrderBy(value => value.Name, StringComparer.Ordinal).Select(value => (value.Name, value.T, value.Value))];
        }
    }

    /// <summary>Many columns are taken from the whole array, few as slices.</summary>
    [Theory]
    [InlineData(1, 3)]
    [InlineData(5, 30)]
    [InlineData(30, 30)]
    public async Task Ranges_of_a_second_are_those_of_the_rows_also_where_their_ends_lie_within_a_minute(int wanted, int columns)
    {
        var schema = _app.Schema([.. Enumerable.Range(0, columns).Select(i => $"c{i}")]);
        await _app.StoreAsync(0, HistoryApp.Batch(schema, "e", "p", 1, [.. Enumerable.Range(0, 180).Select(i => new MetricRow(HistoryApp.At(i), [.. Enumerable.Range(0, columns).Select(c => (i * 100.0) + c)]))]));
        var ids = string.Join(',', schema.Columns.TakeLast(wanted).Select(column => column.Id));
        var asked = RangeRequest.Parse("e", ids, HistoryApp.At(31), HistoryApp.At(150), 1_000, scores: false);
        var before = await _app.Get<RangeReader>().ReadAsync(asked, Token);

        await LaterAsync(TimeSpan.FromMinutes(2.5));

        (await CountAsync("ticks_packed")).ShouldBe(2);
        var after = await _app.Get<RangeReader>().ReadAsync(asked, Token);
        after.T.ShouldBe([.. Enumerable.Range(31, 119).Select(i => HistoryApp.At(i))]);
        after.Series.Select(series => series.Mean).ShouldBe(before.Series.Select(series => series.Mean));
        after.Series[^1].Mean[0].ShouldBe(3_100 + columns - 1);
    }

    [Fact]
    public async Task A_minute_of_very_many_values_is_packed_in_pieces()
    {
        var schema = _app.Schema([.. Enumerable.Range(0, 1_000).Select(i => $"c{i}")]);
        var random = new Random(1);
        var values = Enumerable.Range(0, 600).Select(_ => Enumerable.Range(0, 1_000).Select(_ => random.NextDouble()).ToArray()).ToList();
        await _app.StoreAsync(0, values.Select((row, i) => HistoryApp.Batch(schema, "e", "p", i + 1, new MetricRow(HistoryApp.At(i * 0.1), row))));

        await LaterAsync(TimeSpan.FromMinutes(2));

        (await CountAsync("ticks_packed")).ShouldBe(2);
        (await RawAsync("e")).Select(row => row.Values).ShouldBe(values.Select(Text));
    }

    /// <summary>Two replicas store late, early and repeated rows and roll up, while somebody reads all the time.</summary>
    [Fact]
    public async Task Whoever_reads_while_minutes_are_packed_finds_each_row_once()
    {
        await _app.AddReplicaAsync();
        var schema = _app.Schema("a");
        await _app.StoreAsync(0, Numbered(schema, "e", 1, Enumerable.Range(0, 200).Select(i => (double)i)));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var stored = Times([.. Enumerable.Range(0, 200).Select(i => (double)i)]);
        var reading = Task.WhenAll(ReadAsync(), ReadAsync(), ViewAsync());
        var seq = 1;
        for (var round = 0; round < 12; round++)
        {
            var late = Enumerable.Range(0, 20).Select(i => Numbered(schema, "e", ++seq, [(round * 20) + i + 0.5])).ToList();
            _app.Time.Advance(TimeSpan.FromSeconds(20));
            await Task.WhenAll(_app.StoreAsync(0, late), _app.StoreAsync(1, late.AsEnumerable().Reverse()), _app.RollUpAsync(0), _app.RollUpAsync(1));
            Volatile.Write(ref stored, [.. stored, .. late.Select(batch => batch.Rows[0].T)]);
        }
        await stop.CancelAsync();
        await reading;

        await LaterAsync(TimeSpan.FromMinutes(10));
        (await RawAsync("e")).Count.ShouldBe(200 + seq - 1);
        (await CountAsync("ticks")).ShouldBe(0);

        async Task ReadAsync()
        {
            while (!stop.IsCancellationRequested)
                Check(Volatile.Read(ref stored), [.. (await RawAsync("e", 90)).Select(row => row.T)]);
        }

        async Task ViewAsync()
        {
            while (!stop.IsCancellationRequested)
            {
                Check(Volatile.Read(ref stored), await _app.ScalarAsync<long[]>("SELECT array_agg((extract(epoch FROM t) * 1000)::bigint) FROM history.samples WHERE entity = 'e'"));
            }
        }

        static void Check(long[] stored, long[] found)
        {
            found.Distinct().Count().ShouldBe(found.Length, "nothing twice");
            stored.Except(found).ShouldBeEmpty("nothing that was stored before is missing");
        }
    }

    async Task LaterAsync(TimeSpan pause)
    {
        _app.Time.Advance(pause);
        await _app.RollUpAsync();
    }

    /// <summary>Rows whose value is their time in seconds.</summary>
    static MetricBatch Numbered(SeriesSchema schema, string entity, long seq, IEnumerable<double> seconds) =>
        HistoryApp.Batch(schema, entity, "p", seq, [.. seconds.Select(second => new MetricRow(HistoryApp.At(second), [second]))]);

    static long[] Times(params double[] seconds) => Array.ConvertAll(seconds, HistoryApp.At);

    async Task<long> CountAsync(string table, string what = "count(*)", string where = "true") =>
        await _app.ScalarAsync<long>($"SELECT {what}::bigint FROM history.{table} WHERE {where}");

    /// <summary>All rows, page by page; values as their bits, because NaN equals nothing and -0 equals 0.</summary>
    async Task<List<(long T, string Schema, string Values)>> RawAsync(string entity, int limit = 7)
    {
        var rows = new List<(long, string, string)>();
        long? from = 0;
        while (from is { } begin)
        {
            var page = await _app.Get<RawReader>().ReadAsync(entity, begin, RangeRequest.LastMs, limit, Token);
            rows.AddRange(page.Sets.SelectMany(set => set.Rows.Select(row => (row.T, set.Schema, Text(row.Values)))).OrderBy(row => row).ToList());
            from = page.Next;
        }
        return rows;
    }

    static string Text(double[] values) => string.Join(' ', values.Select(value => BitConverter.DoubleToInt64Bits(value).ToString("x", System.Globalization.CultureInfo.InvariantCulture)));
}
