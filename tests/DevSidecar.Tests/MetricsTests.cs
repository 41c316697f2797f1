namespace DevSidecar.Tests;

public sealed class MetricsTests : IDisposable
{
    readonly Telemetry _telemetry = new("a\"pp");

    public void Dispose() => _telemetry.Dispose();

    [Fact]
    public void A_call_whose_series_is_known_allocates_nothing()
    {
        Record();

        // What another test's listener sets off is over after a round; what a call allocates is in all of them.
        Enumerable.Range(0, 5).Min(_ => Allocated()).ShouldBe(0);

        long Allocated()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
            {
                Record();
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        void Record()
        {
            _telemetry.AppCall("POST", "/t", 200, TimeSpan.FromMilliseconds(3));
            _telemetry.GrpcRequest("/a/B", Grpc.Core.StatusCode.OK, TimeSpan.FromMilliseconds(3));
            _telemetry.HttpRequest("GET", "/v1.0/state", 204, TimeSpan.FromMilliseconds(3));
            _telemetry.Published("ps", "t", bulk: false, success: true, TimeSpan.FromMilliseconds(3));
            _telemetry.State("store", "get", success: true, TimeSpan.FromMilliseconds(3));
            _telemetry.InvocationSent("b");
            _telemetry.InvocationReceived("b");
            _telemetry.ResponseSent("b", 200);
            _telemetry.ResponseReceived("b", 200, TimeSpan.FromMilliseconds(3));
            _telemetry.PolicyExecuted("r", "retry", "outbound", "app_b", "");
        }
    }

    [Fact]
    public void Latencies_fall_into_daprs_buckets_bounds_included()
    {
        foreach (var milliseconds in (int[])[1, 2, 3, 200_000])
        {
            _telemetry.AppCall("POST", "/t", 200, TimeSpan.FromMilliseconds(milliseconds));
        }

        var page = _telemetry.Exposition();
        page.ShouldContain("""dapr_http_client_roundtrip_latency_bucket{app_id="a\"pp",method="POST",path="/t",status="200",le="2"} 2""" + "\n");
        page.ShouldContain("""path="/t",status="200",le="100000"} 3""" + "\n");
        page.ShouldContain("""path="/t",status="200",le="+Inf"} 4""" + "\n");
        page.ShouldContain("""dapr_http_client_roundtrip_latency_sum{app_id="a\"pp",method="POST",path="/t",status="200"} 200006""" + "\n");
        page.ShouldContain("# TYPE dapr_http_client_completed_count counter\n");
    }

    [Fact]
    public async Task No_count_is_lost_between_threads()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                _telemetry.AppCall("POST", "/t", 200, TimeSpan.FromMilliseconds(1));
            }
        })));
        _telemetry.Exposition().ShouldContain("""dapr_http_client_completed_count{app_id="a\"pp",method="POST",path="/t",status="200"} 80000""" + "\n");
    }

    [Theory]
    [InlineData(Grpc.Core.StatusCode.Cancelled, "Canceled")]
    [InlineData(Grpc.Core.StatusCode.Unauthenticated, "Unauthenticated")]
    public void Grpc_statuses_have_the_names_of_go(Grpc.Core.StatusCode status, string name)
    {
        _telemetry.GrpcRequest("/a/B", status, TimeSpan.Zero);
        _telemetry.Exposition().ShouldContain($"grpc_server_status=\"{name}\"");
    }
}
