using Google.Protobuf;

namespace Forewarn.Ingestion.Tests.Otlp;

/// <summary>Requests of every kind of point, made by a seed.</summary>
static class OtlpRandom
{
    static readonly JsonFormatter _json = new(JsonFormatter.Settings.Default.WithFormatEnumsAsIntegers(true));

    public static string Json(ExportMetricsServiceRequest request) => _json.Format(request);

    public static IReadOnlyList<ExportMetricsServiceRequest> Requests(int seed, int count, long now)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => One(random, now))];
    }

    public static ExportMetricsServiceRequest One(Random random, long now)
    {
        var request = new ExportMetricsServiceRequest();
        for (var i = random.Next(1, 3); i > 0; i--)
        {
            var resource = new ResourceMetrics { Resource = new(), SchemaUrl = "https://example.org" };
            foreach (var key in new[] { "service.name", "service.instance.id", "host.name", "k8s.pod.name", "process.pid", "region" })
            {
                if (random.Next(2) == 0)
                    resource.Resource.Attributes.Add(new KeyValue { Key = key, Value = Value(random, 0) });
            }
            for (var scopes = random.Next(3); scopes > 0; scopes--)
            {
                var scope = new ScopeMetrics { Scope = new() { Name = $"scope{random.Next(3)}", Version = "1" } };
                for (var metrics = random.Next(4); metrics > 0; metrics--)
                    scope.Metrics.Add(Metric(random, now));
                resource.ScopeMetrics.Add(scope);
            }
            request.ResourceMetrics.Add(resource);
        }
        return request;
    }

    static Metric Metric(Random random, long now)
    {
        var metric = new Metric { Name = $"m{random.Next(6)}", Unit = random.Next(3) switch { 0 => "", 1 => "By", _ => "s" }, Description = "made up" };
        var temporality = (AggregationTemporality)random.Next(3);
        var count = random.Next(4);
        switch (random.Next(5))
        {
            case 0:
                metric.Gauge = new() { DataPoints = { Many(count, () => Number(random, now)) } };
                break;
            case 1:
                metric.Sum = new() { AggregationTemporality = temporality, IsMonotonic = random.Next(2) == 0, DataPoints = { Many(count, () => Number(random, now)) } };
                break;
            case 2:
                metric.Histogram = new() { AggregationTemporality = temporality, DataPoints = { Many(count, () => Explicit(random, now)) } };
                break;
            case 3:
                metric.ExponentialHistogram = new() { AggregationTemporality = temporality, DataPoints = { Many(count, () => Exponential(random, now)) } };
                break;
            default:
                metric.Summary = new() { DataPoints = { Many(count, () => Summary(random, now)) } };
                break;
        }
        return metric;
    }

    static NumberDataPoint Number(Random random, long now)
    {
        var point = new NumberDataPoint
        {
            TimeUnixNano = Time(random, now),
            StartTimeUnixNano = random.Next(3) == 0 ? 0 : OtlpMessages.Nanoseconds(now - 60_000),
            Attributes = { Attributes(random) },
            Flags = random.Next(10) == 0 ? 1u : 0,
            Exemplars = { Many(random.Next(2), () => new Exemplar { AsDouble = 1, FilteredAttributes = { Attributes(random) } }) },
        };
        if (random.Next(2) == 0)
            point.AsInt = random.NextInt64(-1000, 1000);
        else
            point.AsDouble = random.Next(10) == 0 ? double.NaN : random.NextDouble() * 1000 - 500;
        return point;
    }

    static HistogramDataPoint Explicit(Random random, long now)
    {
        var point = new HistogramDataPoint
        {
            TimeUnixNano = Time(random, now),
            StartTimeUnixNano = OtlpMessages.Nanoseconds(now - 60_000),
            Attributes = { Attributes(random) },
            ExplicitBounds = { Many(random.Next(4), () => random.NextDouble()).Order().Distinct() },
        };
        point.BucketCounts.AddRange(Many(point.ExplicitBounds.Count + (random.Next(10) == 0 ? 0 : 1), () => (ulong)random.Next(50)));
        point.Count = point.BucketCounts.Aggregate(0UL, (sum, count) => sum + count);
        if (random.Next(2) == 0)
            (point.Sum, point.Min, point.Max) = (random.NextDouble() * point.Count, 0.01, 0.99);
        return point;
    }

    static ExponentialHistogramDataPoint Exponential(Random random, long now) => new()
    {
        TimeUnixNano = Time(random, now),
        StartTimeUnixNano = OtlpMessages.Nanoseconds(now - 60_000),
        Attributes = { Attributes(random) },
        Count = (ulong)random.Next(100),
        Sum = random.NextDouble() * 100,
        Scale = random.Next(-3, 12),
        ZeroCount = (ulong)random.Next(3),
        ZeroThreshold = random.Next(2) * 0.001,
        Positive = new() { Offset = random.Next(-20, 20), BucketCounts = { Many(random.Next(12), () => (ulong)random.Next(300)) } },
        Negative = random.Next(2) == 0 ? null : new() { Offset = random.Next(-20, 20), BucketCounts = { Many(random.Next(3), () => (ulong)random.Next(5)) } },
    };

    static SummaryDataPoint Summary(Random random, long now) => new()
    {
        TimeUnixNano = Time(random, now),
        Attributes = { Attributes(random) },
        Count = (ulong)random.Next(100),
        Sum = random.NextDouble() * 100,
        QuantileValues = { Many(random.Next(4), () => new SummaryDataPoint.Types.ValueAtQuantile { Quantile = random.Next(5) / 4.0, Value = random.NextDouble() }) },
    };

    static ulong Time(Random random, long now) => OtlpMessages.Nanoseconds(now + random.Next(20) switch
    {
        0 => 7_200_000,
        1 => -31L * 86_400_000,
        _ => random.Next(-5, 5) * 1000,
    });

    static List<KeyValue> Attributes(Random random) =>
        Many(random.Next(4), () => new KeyValue { Key = $"k{random.Next(5)}", Value = Value(random, 2) });

    static AnyValue Value(Random random, int depth) => random.Next(depth > 0 ? 7 : 5) switch
    {
        0 => new() { IntValue = random.Next(100) },
        1 => new() { BoolValue = random.Next(2) == 0 },
        2 => new() { DoubleValue = random.Next(8) / 4.0 },
        3 => new() { BytesValue = ByteString.CopyFrom((byte)random.Next(256)) },
        4 => new() { StringValue = $"v{random.Next(5)}" },
        5 => new() { ArrayValue = new() { Values = { Many(random.Next(3), () => Value(random, depth - 1)) } } },
        _ => new() { KvlistValue = new() { Values = { Many(random.Next(3), () => new KeyValue { Key = "in", Value = Value(random, depth - 1) }) } } },
    };

    static List<T> Many<T>(int count, Func<T> one) => [.. Enumerable.Range(0, count).Select(_ => one())];
}
