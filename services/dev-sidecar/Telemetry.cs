using System.Diagnostics.Metrics;
using DevSidecar.Metrics;
using DevSidecar.PubSub;

namespace DevSidecar;

/// <summary>
/// The metric vocabulary: Dapr's own names and labels (latencies in milliseconds), so that boards made for daprd work.
/// One instance per logical sidecar.
/// </summary>
sealed class Telemetry : IDisposable
{
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
        _remindersFired = Counter("runtime_actor_reminders_fired_total", "actor reminders fired");
        _timersFired = Counter("runtime_actor_timers_fired_total", "actor timers fired");
        _policyCount = Counter("resiliency_count", "resiliency policies applied");
        _policyActivations = Counter("resiliency_activations_total", "resiliency policies that acted after a failure or a change of state");
        _breakerState = _meter.CreateGauge<long>("dapr_resiliency_cb_state", description: "1 for the state a circuit breaker is in, 0 for the others");
        _text.Start();
    }

    public void Delivered(string component, string topic, bool bulk, IReadOnlyCollection<Message> messages, TimeSpan elapsed)
    {
        foreach (var group in messages.GroupBy(m => m.Verdict))
        {
            var status = group.Key switch { Verdict.Success => "success", Verdict.Drop => "drop", _ => "retry" };
            KeyValuePair<string, object?>[] tags = [new("component", component), new("namespace", ""), new("process_status", status), new("topic", topic)];
            if (bulk)
            {
                _ingressBulk.Add(1, tags);
                _ingressBulkEvents.Add(group.Count(), tags);
                _ingressBulkLatency.Record(elapsed.TotalMilliseconds, tags);
            }
            else
            {
                _ingress.Add(group.Count(), tags);
                _ingressLatency.Record(elapsed.TotalMilliseconds, tags);
            }
        }
    }

    public void Published(string component, string topic, bool bulk, bool success, TimeSpan elapsed)
    {
        KeyValuePair<string, object?>[] tags = [new("component", component), new("namespace", ""), new("success", Text(success)), new("topic", topic)];
        (bulk ? _egressBulk : _egress).Add(1, tags);
        (bulk ? _egressBulkLatency : _egressLatency).Record(elapsed.TotalMilliseconds, tags);
    }

    public void State(string component, string operation, bool success, TimeSpan elapsed) =>
        Component(_state, _stateLatency, component, operation, success, elapsed);

    public void Binding(string component, string operation, bool success, TimeSpan elapsed) =>
        Component(_binding, _bindingLatency, component, operation, success, elapsed);

    public void InputBinding(string component, bool success, TimeSpan elapsed)
    {
        KeyValuePair<string, object?>[] tags = [new("component", component), new("namespace", ""), new("success", Text(success))];
        _inputBinding.Add(1, tags);
        _inputBindingLatency.Record(elapsed.TotalMilliseconds, tags);
    }

    public void Secret(string component, string operation, bool success, TimeSpan elapsed) =>
        Component(_secret, _secretLatency, component, operation, success, elapsed);

    public void HttpRequest(string method, string path, int status, TimeSpan elapsed)
    {
        KeyValuePair<string, object?>[] tags = [new("method", method), new("path", path), new("status", status)];
        _http.Add(1, tags);
        _httpLatency.Record(elapsed.TotalMilliseconds, tags);
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

    /// <summary>Prometheus text exposition of everything recorded.</summary>
    public string Exposition() => _text.Write();

    public void Dispose()
    {
        _text.Dispose();
        _meter.Dispose();
    }

    static void Component(Counter<long> count, Histogram<double> latency, string component, string operation, bool success, TimeSpan elapsed)
    {
        KeyValuePair<string, object?>[] tags = [new("component", component), new("namespace", ""), new("operation", operation), new("success", Text(success))];
        count.Add(1, tags);
        latency.Record(elapsed.TotalMilliseconds, tags);
    }

    static KeyValuePair<string, object?>[] PolicyTags(string document, string policy, string direction, string target, string status) =>
    [
        new("name", document), new("policy", policy), new("namespace", ""), new("flow_direction", direction), new("target", target), new("status", status),
    ];

    static string Text(bool value) => value ? "true" : "false";

    Counter<long> Counter(string name, string description) => _meter.CreateCounter<long>("dapr_" + name, description: description);

    Histogram<double> Latency(string name) => _meter.CreateHistogram<double>("dapr_" + name, "ms", "latency in milliseconds");
}
