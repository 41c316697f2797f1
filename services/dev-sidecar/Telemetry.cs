using System.Diagnostics;
using System.Diagnostics.Metrics;
using DevSidecar.Actors;
using DevSidecar.Metrics;
using DevSidecar.PubSub;
using Grpc.Core;

namespace DevSidecar;

/// <summary>
/// The metric vocabulary: Dapr's own names and labels (latencies in milliseconds), so that boards made for daprd work.
/// One instance per logical sidecar.
/// </summary>
sealed class Telemetry : IDisposable
{
    /// <summary>In the order of <see cref="Verdict"/>.</summary>
    static readonly string[] Verdicts = ["success", "retry", "drop"];

    readonly Meter _meter;
    readonly PrometheusText _text;
    readonly Counter<long> _ingress;
    readonly Histogram<double> _ingressLatency;
    readonly Counter<long> _ingressBulk;
    readonly Histogram<double> _ingressBulkLatency;
    readonly Counter<long> _ingressBulkEvents;
    readonly Counter<long> _egress;
    readonly Histogram<double> _egressLatency;
    readonly Counter<long> _egressBulk;
    readonly Histogram<double> _egressBulkLatency;
    readonly Counter<long> _state;
    readonly Histogram<double> _stateLatency;
    readonly Counter<long> _binding;
    readonly Histogram<double> _bindingLatency;
    readonly Counter<long> _inputBinding;
    readonly Histogram<double> _inputBindingLatency;
    readonly Counter<long> _secret;
    readonly Histogram<double> _secretLatency;
    readonly Counter<long> _http;
    readonly Histogram<double> _httpLatency;
    readonly Counter<long> _appCalls;
    readonly Histogram<double> _appCallLatency;
    readonly Counter<long> _grpc;
    readonly Histogram<double> _grpcLatency;
    readonly Counter<long> _invocationsSent;
    readonly Counter<long> _invocationsReceived;
    readonly Counter<long> _responsesSent;
    readonly Counter<long> _responsesReceived;
    readonly Histogram<double> _responseLatency;
    readonly Counter<long> _remindersFired;
    readonly Counter<long> _timersFired;
    readonly Counter<long> _policyCount;
    readonly Counter<long> _policyActivations;
    readonly Gauge<long> _breakerState;

    public Telemetry(string appId)
    {
        _meter = new("DevSidecar");
        _text = new(_meter, appId);
        _ingress = Counter("component_pubsub_ingress_count", "messages delivered to the app");
        _ingressLatency = Latency("component_pubsub_ingress_latencies");
        _ingressBulk = Counter("component_pubsub_ingress_bulk_count", "bulk deliveries to the app");
        _ingressBulkLatency = Latency("component_pubsub_ingress_bulk_latencies");
        _ingressBulkEvents = Counter("component_pubsub_ingress_bulk_event_count", "messages delivered in bulk");
        _egress = Counter("component_pubsub_egress_count", "messages published");
        _egressLatency = Latency("component_pubsub_egress_latencies");
        _egressBulk = Counter("component_pubsub_egress_bulk_count", "bulk publish calls");
        _egressBulkLatency = Latency("component_pubsub_egress_bulk_latencies");
        _state = Counter("component_state_count", "state operations");
        _stateLatency = Latency("component_state_latencies");
        _binding = Counter("component_output_binding_count", "output binding calls");
        _bindingLatency = Latency("component_output_binding_latencies");
        _inputBinding = Counter("component_input_binding_count", "input binding events");
        _inputBindingLatency = Latency("component_input_binding_latencies");
        _secret = Counter("component_secret_count", "secret reads");
        _secretLatency = Latency("component_secret_latencies");
        _http = Counter("http_server_request_count", "requests to the HTTP API");
        _httpLatency = Latency("http_server_latency");
        _appCalls = Counter("http_client_completed_count", "calls to the app");
        _appCallLatency = Latency("http_client_roundtrip_latency");
        _grpc = Counter("grpc_io_server_completed_rpcs", "calls to the gRPC API");
        _grpcLatency = Latency("grpc_io_server_server_latency");
        _invocationsSent = Counter("runtime_service_invocation_req_sent_total", "requests sent to other apps");
        _invocationsReceived = Counter("runtime_service_invocation_req_recv_total", "requests of other apps");
        _responsesSent = Counter("runtime_service_invocation_res_sent_total", "responses sent to other apps");
        _responsesReceived = Counter("runtime_service_invocation_res_recv_total", "responses of other apps");
        _responseLatency = Latency("runtime_service_invocation_res_recv_latency_ms");
        _remindersFired = Counter("runtime_actor_reminders_fired_total", "actor reminders fired");
        _timersFired = Counter("runtime_actor_timers_fired_total", "actor timers fired");
        _policyCount = Counter("resiliency_count", "resiliency policies applied");
        _policyActivations = Counter("resiliency_activations_total", "resiliency policies that acted after a failure or a change of state");
        _breakerState = _meter.CreateGauge<long>("dapr_resiliency_cb_state", description: "1 for the state a circuit breaker is in, 0 for the others");
        _text.Start();
    }

    public void Delivered(string component, string topic, bool bulk, ReadOnlySpan<Message> messages, TimeSpan elapsed)
    {
        Span<int> counts = stackalloc int[Verdicts.Length];
        foreach (var message in messages)
        {
            counts[(int)message.Verdict]++;
        }

        for (var verdict = 0; verdict < counts.Length; verdict++)
        {
            if (counts[verdict] == 0)
            {
                continue;
            }

            var tags = new TagList { { "component", component }, { "namespace", "" }, { "process_status", Verdicts[verdict] }, { "topic", topic } };
            if (bulk)
            {
                _ingressBulk.Add(1, tags);
                _ingressBulkEvents.Add(counts[verdict], tags);
                _ingressBulkLatency.Record(elapsed.TotalMilliseconds, tags);
            }
            else
            {
                _ingress.Add(counts[verdict], tags);
                _ingressLatency.Record(elapsed.TotalMilliseconds, tags);
            }
        }
    }

    public void Published(string component, string topic, bool bulk, bool success, TimeSpan elapsed)
    {
        var tags = new TagList { { "component", component }, { "namespace", "" }, { "success", Text(success) }, { "topic", topic } };
        (bulk ? _egressBulk : _egress).Add(1, tags);
        (bulk ? _egressBulkLatency : _egressLatency).Record(elapsed.TotalMilliseconds, tags);
    }

    public void State(string component, string operation, bool success, TimeSpan elapsed) =>
        Component(_state, _stateLatency, component, operation, success, elapsed);

    public void Binding(string component, string operation, bool success, TimeSpan elapsed) =>
        Component(_binding, _bindingLatency, component, operation, success, elapsed);

    public void InputBinding(string component, bool success, TimeSpan elapsed)
    {
        var tags = new TagList { { "component", component }, { "namespace", "" }, { "success", Text(success) } };
        _inputBinding.Add(1, tags);
        _inputBindingLatency.Record(elapsed.TotalMilliseconds, tags);
    }

    public void Secret(string component, string operation, bool success, TimeSpan elapsed) =>
        Component(_secret, _secretLatency, component, operation, success, elapsed);

    public void HttpRequest(string method, string path, int status, TimeSpan elapsed)
    {
        var tags = new TagList { { "method", method }, { "path", path }, { "status", StatusText.Of(status) } };
        _http.Add(1, tags);
        _httpLatency.Record(elapsed.TotalMilliseconds, tags);
    }

    /// <param name="path">A pattern: ids and other callers' paths stay out of labels.</param>
    public void AppCall(string method, string path, int status, TimeSpan elapsed)
    {
        var tags = new TagList { { "method", method }, { "path", path }, { "status", StatusText.Of(status) } };
        _appCalls.Add(1, tags);
        _appCallLatency.Record(elapsed.TotalMilliseconds, tags);
    }

    public void GrpcRequest(string method, StatusCode status, TimeSpan elapsed)
    {
        var tags = new TagList { { "grpc_server_method", method }, { "grpc_server_status", StatusText.Of(status) } };
        _grpc.Add(1, tags);
        _grpcLatency.Record(elapsed.TotalMilliseconds, tags);
    }

    public void InvocationSent(string appId) => _invocationsSent.Add(1, new("dst_app_id", appId), new("type", "unary"));

    public void InvocationReceived(string appId) => _invocationsReceived.Add(1, new KeyValuePair<string, object?>("src_app_id", appId));

    public void ResponseSent(string appId, int status) => _responsesSent.Add(1, new("dst_app_id", appId), new("status", StatusText.Of(status)));

    public void ResponseReceived(string appId, int status, TimeSpan elapsed)
    {
        _responsesReceived.Add(1, new("src_app_id", appId), new("status", StatusText.Of(status)), new("type", "unary"));
        _responseLatency.Record(elapsed.TotalMilliseconds, new("src_app_id", appId), new("status", StatusText.Of(status)));
    }

    public void ReminderFired(string actorType, bool success) => _remindersFired.Add(1, new("actor_type", actorType), new("success", Text(success)));

    public void TimerFired(string actorType, bool success) => _timersFired.Add(1, new("actor_type", actorType), new("success", Text(success)));

    public void PolicyExecuted(string document, string policy, string direction, string target, string status) =>
        _policyCount.Add(1, PolicyTags(document, policy, direction, target, status));

    public void PolicyActivated(string document, string policy, string direction, string target, string status) =>
        _policyActivations.Add(1, PolicyTags(document, policy, direction, target, status));

    public void BreakerState(string document, string direction, string target, string state)
    {
        foreach (var name in (ReadOnlySpan<string>)["closed", "half-open", "open", "unknown"])
        {
            _breakerState.Record(name == state ? 1 : 0, PolicyTags(document, "circuitbreaker", direction, target, name));
        }
    }

    /// <summary>What the runtime knows about this replica's actors is read when the page is asked for, so that calls pay nothing for it.</summary>
    public void ObserveActors(Func<IEnumerable<ActorTypeCounts>> counts)
    {
        Observe("runtime_actor_pending_actor_calls", "calls that wait for their actor's turn", c => c.PendingCalls);
        Observe("runtime_actor_timers", "timers of active actors", c => c.Timers);
        Observe("runtime_actor_reminders", "reminders of the actors that belong here", c => c.Reminders);

        void Observe(string name, string description, Func<ActorTypeCounts, long> value) => _meter.CreateObservableGauge(
            "dapr_" + name,
            () => counts().Select(c => new Measurement<long>(value(c), new KeyValuePair<string, object?>("actor_type", c.Type))),
            description: description);
    }

    /// <summary>
    /// Consumer lag, under the name and labels of Kafka's usual exporter (danielqsj/kafka_exporter): the embedded log has no broker
    /// that an exporter could ask. Read when the page is.
    /// </summary>
    public void ObserveLags(Func<IEnumerable<PartitionLag>> lags) => _meter.CreateObservableGauge(
        "kafka_consumergroup_lag",
        () => lags().Select(l => new Measurement<long>(l.Records, new("consumergroup", l.Group), new("partition", l.Partition), new("topic", l.Topic))),
        description: "records of a partition that a consumer group has not finished");

    /// <summary>Prometheus text exposition of everything recorded.</summary>
    public string Exposition() => _text.Write();

    public void Dispose()
    {
        _text.Dispose();
        _meter.Dispose();
    }

    static void Component(Counter<long> count, Histogram<double> latency, string component, string operation, bool success, TimeSpan elapsed)
    {
        var tags = new TagList { { "component", component }, { "namespace", "" }, { "operation", operation }, { "success", Text(success) } };
        count.Add(1, tags);
        latency.Record(elapsed.TotalMilliseconds, tags);
    }

    static TagList PolicyTags(string document, string policy, string direction, string target, string status) => new()
    {
        { "name", document }, { "policy", policy }, { "namespace", "" }, { "flow_direction", direction }, { "target", target }, { "status", status },
    };

    static string Text(bool value) => value ? "true" : "false";

    Counter<long> Counter(string name, string description) => _meter.CreateCounter<long>("dapr_" + name, description: description);

    Histogram<double> Latency(string name) => _meter.CreateHistogram<double>("dapr_" + name, "ms", "latency in milliseconds");
}
