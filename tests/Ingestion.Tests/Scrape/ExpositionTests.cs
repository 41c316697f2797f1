using System.Globalization;
using System.Text;
using CsCheck;

namespace Forewarn.Ingestion.Tests;

public sealed class ExpositionTests
{
    const long Now = Write.Now;

    /// <summary>The examples of the published formats.</summary>
    const string Text = """
        # HELP http_requests_total The total number of HTTP requests.
        # TYPE http_requests_total counter
        http_requests_total{method="post",code="200"} 1027 1800000000000
        http_requests_total{method="post",code="400"}    3 1800000000000

        # Escaping in label values:
        msdos_file_access_time_seconds{path="C:\\DIR\\FILE.TXT",error="Cannot find file:\n\"FILE.TXT\""} 1.458255915e9

        # Minimalistic line:
        metric_without_timestamp_and_labels 12.47

        # A weird metric from before the epoch:
        something_weird{problem="division by zero"} +Inf -3982045

        # TYPE http_request_duration_seconds histogram
        http_request_duration_seconds_bucket{le="0.05"} 24054
        http_request_duration_seconds_bucket{le="+Inf"} 144320
        http_request_duration_seconds_sum 53423
        http_request_duration_seconds_count 144320

        # TYPE rpc_duration_seconds summary
        rpc_duration_seconds{quantile="0.99"} 76656
        rpc_duration_seconds_sum 1.7560473e+07
        rpc_duration_seconds_count 2693
        """;

    const string OpenMetrics = """
        # TYPE acme_http_router_request_seconds summary
        # UNIT acme_http_router_request_seconds seconds
        # HELP acme_http_router_request_seconds Latency though all of ACME's HTTP request router.
        acme_http_router_request_seconds_sum{path="/api/v1",method="GET"} 9036.32
        acme_http_router_request_seconds_count{path="/api/v1",method="GET"} 807283.0
        acme_http_router_request_seconds_created{path="/api/v1",method="GET"} 1605281325.0
        # TYPE go_goroutines gauge
        # HELP go_goroutines Number of goroutines that currently exist.
        go_goroutines 69
        # TYPE process_cpu_seconds counter
        # UNIT process_cpu_seconds seconds
        # HELP process_cpu_seconds Total user and system CPU time spent in seconds.
        process_cpu_seconds_total 4.20072246e+06 1799999999.5 # {trace_id="KOO5S4vxi0o"} 0.67
        # EOF
        """;

    readonly TargetSeries _series = new(Target(), 1000);
    readonly SeriesLayouts _layouts = new(10, 2000);

    [Fact]
    public void The_text_format_is_read_as_its_reference_has_it()
    {
        Read(Text).ShouldBe(
            [
                "http_requests_total{code=200,job=j,method=post} 1/s counter 1027 @ 0", "http_requests_total{code=400,job=j,method=post} 1/s counter 3 @ 0",
                "msdos_file_access_time_seconds{error=Cannot find file:_'FILE.TXT',job=j,path=C:||DIR||FILE.TXT} s 1458255915 @ 0",
                "metric_without_timestamp_and_labels{job=j} 1 12.47 @ 0", "http_request_duration_seconds_sum{job=j} 1 counter 53423 @ 0",
                "http_request_duration_seconds.p50{job=j} s NaN @ 0", "http_request_duration_seconds.p95{job=j} s NaN @ 0", "http_request_duration_seconds.p99{job=j} s NaN @ 0",
                "http_request_duration_seconds_count{job=j} 1/s counter 144320 @ 0", "rpc_duration_seconds{job=j,quantile=0.99} s 76656 @ 0",
                "rpc_duration_seconds_sum{job=j} 1 counter 17560473 @ 0", "rpc_duration_seconds_count{job=j} 1/s counter 2693 @ 0",
            ],
            ignoreOrder: true);
        _series.Samples.ShouldBe(12);
    }

    [Fact]
    public void OpenMetrics_is_read_as_its_specification_has_it() => Read(OpenMetrics, isOpenMetrics: true).Where(cell => !cell.Contains(" NaN ", StringComparison.Ordinal)).ShouldBe(
        [
            "acme_http_router_request_seconds_sum{job=j,method=GET,path=/api/v1} 1 counter 9036.32 @ 0",
            "acme_http_router_request_seconds_count{job=j,method=GET,path=/api/v1} 1/s counter 807283 @ 0",
            "go_goroutines{job=j} 1 69 @ 0", "process_cpu_seconds_total{job=j} 1 counter 4200722.46 @ -500",
        ],
        ignoreOrder: true);

    [Theory]
    [InlineData("a", false, "line 1 has no value")]
    [InlineData("a{b=\"c\" 1", false, "line 1 has labels that do not end")]
    [InlineData("x 1\na{b=\"c} 1", false, "line 2 has labels that do not end")]
    [InlineData("a{b=c} 1", false, "line 1 has labels that are not in order")]
    [InlineData("a{=\"c\"} 1", false, "line 1 has labels that are not in order")]
    [InlineData("a{b=\"c\";d=\"e\"} 1", false, "line 1 has labels that are not in order")]
    [InlineData("a one", false, "line 1 has no number for its value")]
    [InlineData("a +-1", false, "line 1 has no number for its value")]
    [InlineData("a 1 soon", false, "line 1 has a timestamp that is none")]
    [InlineData("a 1 1.5", false, "line 1 has a timestamp that is none")]
    [InlineData("a 1\n", true, "line 1 is the last, and no # EOF stands behind it")]
    [InlineData("# EOF\na 1\n", true, "line 2 stands behind # EOF")]
    public void What_is_not_in_order_fails_the_scrape_and_is_named(string text, bool isOpenMetrics, string reason) =>
        _series.Read(Encoding.UTF8.GetBytes(text), isOpenMetrics, Now, TimeSpan.FromDays(30), new PointCollector("scrape", _layouts)).ShouldBe(reason);

    [Fact]
    public void A_series_that_is_gone_leaves_one_hole_and_a_failed_scrape_a_hole_in_all()
    {
        Read("a 1\nb 2\nc 3 1800000000000").Count.ShouldBe(3);
        Read("b 2", t: Now + 1).ShouldBe(["a{job=j} 1 NaN @ 1", "b{job=j} 1 2 @ 1", "c{job=j} 1 NaN @ 1"], ignoreOrder: true);
        var points = new PointCollector("scrape", _layouts);
        _series.Lose(Now + 2, points);
        points.Count.ShouldBe(1);
        points = new PointCollector("scrape", _layouts);
        _series.Lose(Now + 3, points);
        points.Count.ShouldBe(0);
    }

    [Fact]
    public void A_declaration_that_changes_changes_the_series()
    {
        Read("# TYPE a gauge\na 1").ShouldBe(["a{job=j} 1 1 @ 0"]);
        Read("# TYPE a counter\na 1", t: Now + 1).ShouldBe(["a{job=j} 1/s counter 1 @ 1"]);
        Read("# TYPE a counter\na 2", t: Now + 2).ShouldBe(["a{job=j} 1/s counter 2 @ 2"]);
    }

    [Fact]
    public void A_label_that_the_target_has_itself_keeps_its_word_under_another_name() =>
        Read("a{instance=\"x\",job=\"y\",entity=\"z\"} 1").ShouldBe(["a{exported_instance=x,exported_job=y,instance=h:1,job=j} 1 1 @ 0"]);

    [Fact]
    public void A_series_with_too_many_labels_is_left_out_and_told()
    {
        Read($"a{{{string.Join(',', Enumerable.Range(0, 17).Select(i => $"l{i}=\"v\""))}}} 1\nb 2").ShouldBe(["b{job=j} 1 2 @ 0"]);
        _series.WhyRefused.ShouldNotBeNull().ShouldContain("more than 16 labels");
        Read("b 2");
        _series.WhyRefused.ShouldBeNull();
    }

    [Fact]
    public void Too_many_samples_fail_the_scrape() =>
        new TargetSeries(Target(), 2).Read("a 1\nb 1\nc 1"u8, false, Now, TimeSpan.FromDays(1), new PointCollector("scrape", _layouts)).ShouldBe("it has more than 2 samples");

    [Fact]
    public void What_the_grammar_escapes_is_read_as_it_was_meant()
    {
        var text = Gen.OneOf(Gen.Char['a', 'z'], Gen.Int[0, 8].Select(i => "\\\"{},= \u00e9#"[i])).Array[1, 8].Select(chars => new string(chars));
        Gen.Select(text, text, Gen.Double, Gen.Bool).Sample((one, two, value, isOpenMetrics) =>
        {
            var line = string.Create(CultureInfo.InvariantCulture, $"m{{a=\"{Escaped(one)}\",b=\"{Escaped(two)}\"}} {value:R}\n{(isOpenMetrics ? "# EOF" : "")}");
            var reader = new ExpositionReader(Encoding.UTF8.GetBytes(line), isOpenMetrics);
            reader.Next().ShouldBeTrue(reader.Failure);
            reader.Value.ShouldBe(value);
            ExpositionLabels.Read(reader.Series).ShouldNotBeNull().Skip(1).Select(label => label.Value).ShouldBe([one, two]);
            reader.Next().ShouldBeFalse();
            reader.Failure.ShouldBeNull();
        }, seed: "0N0XIzNsQ0O2", iter: 2_000);
    }

    static string Escaped(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    static ScrapeTarget Target() => ScrapeTarget.Of(new ScrapeJobOptions { Name = "j" }, "h:1", [])!;

    /// <summary>Cells without the entity, quotes and backslashes made plain.</summary>
    IReadOnlyList<string> Read(string text, bool isOpenMetrics = false, long t = Now)
    {
        var points = new PointCollector("scrape", _layouts);
        _series.Read(Encoding.UTF8.GetBytes(text), isOpenMetrics, t, TimeSpan.FromDays(30), points).ShouldBeNull();
        return [.. points.Submissions(Now).SelectMany(submission => submission.Rows.SelectMany(row => row.Values.Select((value, i) =>
        {
            var column = submission.Schema.Columns[i];
            var labels = string.Join(',', column.Labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"));
            var counter = submission.Counting is { } counting && counting[i].IsCounter ? " counter" : "";
            return FormattableString.Invariant($"{column.Name}{{{labels}}} {column.Unit}{counter} {value} @ {row.T - Now}").Replace('"', '\'').Replace("\\", "||", StringComparison.Ordinal);
        })))];
    }
}
