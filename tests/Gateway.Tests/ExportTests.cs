using System.Globalization;
using System.Net;
using System.Text.Json;
using CsCheck;
using Forewarn.Contracts;
using Forewarn.Gateway.Exports;
using Parquet;
using Parquet.Schema;

namespace Forewarn.Gateway.Tests;

public sealed class ExportTests : IAsyncLifetime
{
    const long Begin = 1_773_144_000_000;

    GatewayApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await GatewayApp.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>Any values, any text, any pages: what is read back from either file is what history sent, bit for bit.</summary>
    [Fact]
    public async Task Both_files_hold_every_value_exactly()
    {
        var text = Gen.String[Gen.Char["a=+-@,\"\r\n\t'ü{*"], 0, 8];
        var value = Gen.OneOf(Gen.Double.Where(double.IsFinite), Gen.Const(double.NaN), Gen.Const(-0.0), Gen.Const(5e-324), Gen.Const(double.MaxValue));
        var set = Gen.Select(text, text.Array[1, 3], Gen.Select(Gen.Long[0, 4_000_000_000_000], value.Array[3]).Array[0, 5]);

        await set.Array[0, 3].Array[1, 4].SampleAsync(async sent =>
        {
            var pages = sent.Select(sets => new SamplePage
            {
                Sets = [.. sets.Select(one => new SampleSet("e" + one.Item1, [.. one.Item2.Select((name, i) => new SampleSeries($"id{i}", name, "1", new Dictionary<string, string> { ["k"] = name }))],
                    [.. one.Item3.Select(row => new SampleRow { T = row.Item1, Value = row.Item2[..one.Item2.Length] })]))],
            }).ToArray();
            Serve("v1/samples", pages, (page, next) => JsonSerializer.Serialize(page with { Next = next }, ContractJson.Default.SamplePage));
            var expected = pages.SelectMany(page => page.Sets).SelectMany(one => one.Rows.SelectMany(row => one.Series.Select((series, i) =>
                    (one.Entity, series.Name, series.Id, row.T, Value: row.Value![i]))))
                .Where(row => !double.IsNaN(row.Value)).Select(row => (row.Entity, row.Name, row.Id, row.T, BitConverter.DoubleToInt64Bits(row.Value))).ToList();

            var csv = CsvReader.Read(await _app.Client.GetStringAsync($"/api/export?from=0&to=9", TestContext.Current.CancellationToken));
            csv[0].ShouldBe(["entity", "name", "labels", "unit", "series", "t", "value"]);
            csv.Skip(1).Select(row => (Unguarded(row[0]), Unguarded(row[1]), row[4], Ms(row[5]), BitConverter.DoubleToInt64Bits(double.Parse(row[6], CultureInfo.InvariantCulture)))).ShouldBe(expected);
            csv.Skip(1).ShouldAllBe(row => JsonDocument.Parse(row[2], default).RootElement.GetProperty("k").GetString() == Unguarded(row[1]));
            csv.Skip(1).SelectMany(row => row[..3]).ShouldAllBe(field => field.Length == 0 || !"=+-@\t\r".Contains(field[0], StringComparison.Ordinal));

            var parquet = await ParquetAsync("/api/export?from=0&to=9&format=parquet");
            parquet.Select(row => ((string)row["entity"]!, (string)row["name"]!, (string)row["series"]!, Ms((DateTime)row["t"]!), BitConverter.DoubleToInt64Bits((double)row["value"]!))).ShouldBe(expected);
        }, iter: 25, threads: 1);
    }

    [Fact]
    public async Task Steps_have_their_four_figures()
    {
        var page = new SamplePage
        {
            Sets = [new SampleSet("e", [new("s1", "a", "1", new Dictionary<string, string> { ["z"] = "1", ["b"] = "2" }), new("s2", "b", "By", new Dictionary<string, string>())],
                [new SampleRow { T = Begin, Min = [1, double.NaN], Max = [4, double.NaN], Mean = [2.5, double.NaN], Count = [3, 0] }])],
        };
        Serve("v1/samples", [page], (one, next) => JsonSerializer.Serialize(one with { Next = next }, ContractJson.Default.SamplePage));

        var csv = await _app.Client.GetStringAsync("/api/export?from=0&to=9&step=60000", TestContext.Current.CancellationToken);
        csv.ShouldBe("entity,name,labels,unit,series,t,min,max,mean,count\r\ne,a,\"{\"\"b\"\":\"\"2\"\",\"\"z\"\":\"\"1\"\"}\",1,s1,2026-03-10T12:00:00.000Z,1,4,2.5,3\r\n");
        var row = (await ParquetAsync("/api/export?from=0&to=9&step=60000&format=parquet")).ShouldHaveSingleItem();
        (row["min"], row["max"], row["mean"], row["count"]).ShouldBe((1.0, 4.0, 2.5, 3L));
    }

    [Fact]
    public async Task Verdicts_and_incidents_can_be_exported_too()
    {
        Serve("v1/predictions", [0.11f, 0.7f], (score, next) => JsonSerializer.Serialize(new Page<PredictionInfo>(
            [new() { Entity = "e", T = Begin, CadenceMs = 1000, Model = "m", Score = score, P = 1e-9, Extrapolated = true, Anomalous = false }], next), ContractJson.Default.PagePredictionInfo));
        var resolved = Samples.Incident("i-2", 1) with { Summary = "=cmd|' /C calc'!A0", OpenedAt = Begin, ResolvedAt = Begin + 5 };
        Serve("v1/incidents", [Samples.Incident("i-1", 1), resolved], (incident, next) =>
            JsonSerializer.Serialize(new Page<IncidentEvent>([incident], next), ContractJson.Default.PageIncidentEvent));

        (await _app.Client.GetStringAsync("/api/export?kind=scores&from=0&to=9", TestContext.Current.CancellationToken)).ShouldBe(
            "entity,t,cadence_ms,model,score,p,extrapolated,anomalous\r\ne,2026-03-10T12:00:00.000Z,1000,m,0.11,1E-09,true,false\r\ne,2026-03-10T12:00:00.000Z,1000,m,0.7,1E-09,true,false\r\n");
        (await ParquetAsync("/api/export?kind=scores&from=0&to=9&format=parquet")).Select(row => row["score"]).ShouldBe([0.11f, 0.7f]);

        var csv = CsvReader.Read(await _app.Client.GetStringAsync("/api/export?kind=incidents", TestContext.Current.CancellationToken));
        csv.Select(row => row[0]).ShouldBe(["id", "i-1", "i-2"]);
        csv[2][5].ShouldBe("'=cmd|' /C calc'!A0");
        csv[1][10].ShouldBe("");
        csv[2][10].ShouldBe("2026-03-10T12:00:00.005Z");
        var parquet = await ParquetAsync("/api/export?kind=incidents&format=parquet");
        parquet.Select(row => row["resolved_at"]).ShouldBe([null, DateTimeOffset.FromUnixTimeMilliseconds(Begin + 5).UtcDateTime]);
        parquet[1]["summary"].ShouldBe(resolved.Summary);
    }

    [Fact]
    public async Task The_question_reaches_history_and_the_file_has_a_name()
    {
        Serve("v1/samples", [new SamplePage { Sets = [] }], (page, next) => JsonSerializer.Serialize(page with { Next = next }, ContractJson.Default.SamplePage));

        using var response = await _app.Client.GetAsync(
            $"/api/export?entity=web-*&label=a:b%26c&label=!d:*&from={Begin}&to={Begin + 3_600_000}&format=csv&kind=samples", TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("text/csv");
        response.Content.Headers.ContentDisposition?.FileName.ShouldBe("forewarn-samples-20260310T120000Z-20260310T130000Z.csv");
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("entity,name,labels,unit,series,t,value\r\n");
        Uri.UnescapeDataString(_app.Sidecar.Calls.Last(call => call.Path == "v1/samples").Query).ShouldBe($"?entity=web-*&label=a:b&c&label=!d:*&from={Begin}&to={Begin + 3_600_000}");
    }

    [Fact]
    public async Task Row_groups_are_bounded_whatever_the_pages()
    {
        var pages = Enumerable.Range(0, 5).Select(page => new SamplePage
        {
            Sets = [new SampleSet("e", [new("s", "a", "1", new Dictionary<string, string>())], [.. Enumerable.Range(0, 50_000).Select(i => new SampleRow { T = (page * 50_000) + i, Value = [i] })])],
        }).ToArray();
        Serve("v1/samples", pages, (page, next) => JsonSerializer.Serialize(page with { Next = next }, ContractJson.Default.SamplePage));

        using var file = new MemoryStream(await _app.Client.GetByteArrayAsync("/api/export?from=0&to=9&format=parquet", TestContext.Current.CancellationToken));
        await using var reader = await ParquetReader.CreateAsync(file, cancellationToken: TestContext.Current.CancellationToken);

        Enumerable.Range(0, reader.RowGroupCount).Select(i => reader.OpenRowGroupReader(i).RowCount).ShouldBe([100_000, 100_000, 50_000]);
        var time = reader.Schema.DataFields.Single(field => field.Name == "t").ShouldBeOfType<DateTimeDataField>();
        time.IsAdjustedToUTC.ShouldBeTrue();
        time.Unit.ShouldBe(DateTimeTimeUnit.Millis);
    }

    [Theory]
    [InlineData("kind=x", "kind")]
    [InlineData("format=xlsx", "format")]
    [InlineData("format=csv&format=parquet", "format")]
    [InlineData("from=1&from=2", "from")]
    [InlineData("kind=scores&label=a:b", "label")]
    [InlineData("kind=incidents&step=5", "step")]
    [InlineData("cursor=x", "cursor")]
    public async Task An_export_that_makes_no_sense_is_refused_before_history_is_asked(string query, string field)
    {
        using var response = await _app.Client.GetAsync($"/api/export?{query}", TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        problem.RootElement.GetProperty("errors").EnumerateObject().Single().Name.ShouldBe(field);
        _app.Sidecar.Calls.ShouldNotContain(call => call.Path.StartsWith("v1/", StringComparison.Ordinal) && call.Path != "v1/incidents" && call.Path != "v1/models");
    }

    [Fact]
    public async Task A_refusal_of_history_comes_through_and_an_outage_is_a_503_problem()
    {
        _app.Sidecar.Answer("history", "v1/samples", """{"title":"'from' cannot be used"}""", 400, "application/problem+json");
        using var refused = await _app.Client.GetAsync("/api/export", TestContext.Current.CancellationToken);
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("""{"title":"'from' cannot be used"}""");

        _app.Sidecar.Answers.Clear();
        using var away = await _app.Client.GetAsync("/api/export", TestContext.Current.CancellationToken);
        away.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        away.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("parquet")]
    public async Task A_file_that_cannot_be_completed_never_looks_whole(string format)
    {
        var page = JsonSerializer.Serialize(
            new SamplePage { Sets = [new SampleSet("e", [new("s", "a", "1", new Dictionary<string, string>())], [new SampleRow { T = 1, Value = [1] }])], Next = "more" }, ContractJson.Default.SamplePage);
        _app.Sidecar.Scripts["history/v1/samples"] = query => query.ContainsKey("cursor") ? (400, "application/problem+json", "{}") : (200, "application/json", page);

        await Should.ThrowAsync<HttpRequestException>(() => _app.Client.GetByteArrayAsync($"/api/export?from=0&to=9&format={format}", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task More_exports_at_once_than_there_is_memory_for_are_asked_to_come_again()
    {
        using var gate = new ManualResetEventSlim();
        var page = JsonSerializer.Serialize(new SamplePage { Sets = [] }, ContractJson.Default.SamplePage);
        _app.Sidecar.Scripts["history/v1/samples"] = _ =>
        {
            gate.Wait(TimeSpan.FromSeconds(60));
            return (200, "application/json", page);
        };
        var running = Enumerable.Range(0, ExportSlots.Most).Select(_ => _app.Client.GetStringAsync("/api/export?from=0&to=9", TestContext.Current.CancellationToken)).ToList();
        await Forewarn.Testing.Eventually.Async("all exports to ask history", TimeSpan.FromSeconds(60), () => Task.FromResult(_app.Sidecar.Calls.Count(call => call.Path == "v1/samples") == ExportSlots.Most));

        using var refused = await _app.Client.GetAsync("/api/export?from=0&to=9", TestContext.Current.CancellationToken);
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter.ShouldNotBeNull();
        gate.Set();
        (await Task.WhenAll(running)).ShouldAllBe(file => file.StartsWith("entity,", StringComparison.Ordinal));

        (await _app.Client.GetStringAsync("/api/export?from=0&to=9", TestContext.Current.CancellationToken)).ShouldStartWith("entity,");
    }

    [Fact]
    public async Task An_outage_between_two_pages_is_waited_for()
    {
        var asked = 0;
        var page = new SamplePage { Sets = [new SampleSet("e", [new("s", "a", "1", new Dictionary<string, string>())], [new SampleRow { T = 1, Value = [1] }])] };
        _app.Sidecar.Scripts["history/v1/samples"] = query => !query.ContainsKey("cursor")
            ? (200, "application/json", JsonSerializer.Serialize(page with { Next = "more" }, ContractJson.Default.SamplePage))
            : Interlocked.Increment(ref asked) == 1 ? (503, "application/problem+json", "{}") : (200, "application/json", JsonSerializer.Serialize(page, ContractJson.Default.SamplePage));

        var export = _app.Client.GetStringAsync("/api/export?from=0&to=9", TestContext.Current.CancellationToken);
        await Forewarn.Testing.Eventually.Async("the export to be done", TimeSpan.FromSeconds(60), () =>
        {
            if (Volatile.Read(ref asked) > 0)
                _app.Time.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(export.IsCompleted);
        });

        CsvReader.Read(await export).Count.ShouldBe(3);
        asked.ShouldBe(2);
    }

    /// <summary>Pages one after the other, the cursor being the number of the next.</summary>
    void Serve<T>(string path, T[] pages, Func<T, string?, string> json) => _app.Sidecar.Scripts[$"history/{path}"] = query =>
    {
        var page = query.TryGetValue("cursor", out var cursor) ? int.Parse(cursor!, CultureInfo.InvariantCulture) : 0;
        return (200, "application/json", json(pages[page], page + 1 < pages.Length ? (page + 1).ToString(CultureInfo.InvariantCulture) : null));
    };

    async Task<List<Dictionary<string, object?>>> ParquetAsync(string path)
    {
        using var file = new MemoryStream(await _app.Client.GetByteArrayAsync(path, TestContext.Current.CancellationToken));
        await using var reader = await ParquetReader.CreateAsync(file, cancellationToken: TestContext.Current.CancellationToken);
        var rows = new List<Dictionary<string, object?>>();
        for (var i = 0; i < reader.RowGroupCount; i++)
        {
            using var group = reader.OpenRowGroupReader(i);
            var first = rows.Count;
            rows.AddRange(Enumerable.Range(0, (int)group.RowCount).Select(_ => new Dictionary<string, object?>(StringComparer.Ordinal)));
            foreach (var field in reader.Schema.DataFields)
            {
                var values = await ColumnAsync(group, field);
                for (var row = 0; row < values.Length; row++)
                    rows[first + row].Add(field.Name, values[row]);
            }
        }
        return rows;
    }

    static async Task<object?[]> ColumnAsync(ParquetRowGroupReader group, DataField field)
    {
        var count = (int)group.RowCount;
        if (field.ClrType == typeof(string) || field.ClrType == typeof(ReadOnlyMemory<char>))
        {
            var texts = new string?[count];
            await group.ReadAsync(field, texts.AsMemory());
            return texts;
        }
        return field.ClrType switch
        {
            var type when type == typeof(double) => await ValuesAsync<double>(),
            var type when type == typeof(float) => await ValuesAsync<float>(),
            var type when type == typeof(long) => await ValuesAsync<long>(),
            var type when type == typeof(bool) => await ValuesAsync<bool>(),
            var type when type == typeof(DateTime) => await ValuesAsync<DateTime>(),
            _ => throw new NotSupportedException(field.ToString()),
        };

        async Task<object?[]> ValuesAsync<T>()
            where T : struct
        {
            if (!field.IsNullable)
            {
                var values = new T[count];
                await group.ReadAsync<T>(field, values.AsMemory());
                return [.. values.Cast<object?>()];
            }
            var optional = new T?[count];
            await group.ReadAsync<T>(field, optional.AsMemory());
            return [.. optional.Cast<object?>()];
        }
    }

    static string Unguarded(string field) => field.StartsWith('\'') ? field[1..] : field;

    static long Ms(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    static long Ms(DateTime utc) => new DateTimeOffset(utc, TimeSpan.Zero).ToUnixTimeMilliseconds();
}
