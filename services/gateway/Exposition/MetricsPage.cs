using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Forewarn.Contracts;
using Forewarn.Gateway.Status;

namespace Forewarn.Gateway.Exposition;

/// <summary>Everything that is known now as one text for Prometheus and those who read its formats.</summary>
sealed class MetricsPage(VerdictBoard verdicts, IncidentBook incidents, ChampionWatch champion, ColumnBook columns, GatewayOptions options, TimeProvider time)
{
    static readonly IncidentStatus[] Unresolved = [IncidentStatus.Open, IncidentStatus.Acknowledged];

    public async Task WriteAsync(PipeWriter output, ExpositionFormat format, ExpositionRequest request, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var present = verdicts.Read();
        var known = await columns.ReadAsync(
            request.WithMetrics ? SchemasOf(present.Where(entity => request.HasEntity(entity.Entity))) : SchemasOf([]), SchemasOf(present), cancellationToken);
        var plan = ExpositionPlan.Of(request, options.MetricsSeries, present, incidents.Read(), known);
        var text = new ExpositionText(output, format);

        WriteIncidents(text, plan);
        await text.FlushIfDueAsync(cancellationToken);
        Single(text, Families.Champion, champion.Version is { } version ? Label("model", version) : [], champion.Version is null ? double.NaN : 1);
        await WriteEntitiesAsync(text, plan, cancellationToken);
        if (request.WithMetrics)
            await WriteMetricsAsync(text, plan, cancellationToken);
        Single(text, Families.Limit, [], options.MetricsSeries);
        WriteLeftOut(text, plan.LeftOut);
        Single(text, Families.Duration, [], time.GetElapsedTime(start).TotalSeconds);
        await text.EndAsync(cancellationToken);
    }

    static HashSet<string> SchemasOf(IEnumerable<EntityVerdicts> entities) => entities.Select(entity => entity.Finest.Schema).ToHashSet(StringComparer.Ordinal);

    static void WriteIncidents(ExpositionText text, ExpositionPlan plan)
    {
        text.Head(Families.Incidents);
        var name = Name(Families.Incidents);
        foreach (var severity in Enum.GetValues<IncidentSeverity>())
        {
            foreach (var status in Unresolved)
            {
                var count = plan.Wanted.Count(incident => incident.Severity == severity && incident.Status == status);
                text.Sample(name, Labels(("severity", Word(severity)), ("status", Word(status))), [], [], count);
            }
        }
        var labels = plan.Incidents.Select(incident => Labels(
            ("incident", incident.Id), ("entity", incident.Entity), ("kind", Word(incident.Kind)), ("severity", Word(incident.Severity)), ("status", Word(incident.Status)),
            ("muted", incident.IsMuted ? "true" : "false"))).ToList();
        foreach (var (family, value) in new (Family, Func<OpenIncident, double>)[] { (Families.IncidentInfo, _ => 1), (Families.IncidentOpened, one => one.OpenedAt / 1000.0) })
        {
            text.Head(family);
            name = Name(family);
            for (var i = 0; i < labels.Count; i++)
                text.Sample(name, labels[i], [], [], value(plan.Incidents[i]));
        }
    }

    static async Task WriteEntitiesAsync(ExpositionText text, ExpositionPlan plan, CancellationToken cancellationToken)
    {
        var things = plan.Entities.SelectMany(entity => entity.Verdicts.Cadences)
            .Select(verdict => (Verdict: verdict, Labels: Labels(("entity", verdict.Entity), ("cadence", Cadence(verdict.CadenceMs))))).ToList();
        foreach (var family in Families.OfEntities)
        {
            text.Head(family);
            var name = Name(family);
            foreach (var (verdict, labels) in things)
            {
                foreach (var reading in family.Readings)
                    text.Sample(name, labels, [], [], reading.Value(verdict), family.IsSingle);
                await text.FlushIfDueAsync(cancellationToken);
            }
        }
        text.Head(Families.Model);
        foreach (var (verdict, labels) in things)
            text.Sample(Name(Families.Model), labels, Label("model", verdict.Model), [], 1);
        await text.FlushIfDueAsync(cancellationToken);
    }

    static async Task WriteMetricsAsync(ExpositionText text, ExpositionPlan plan, CancellationToken cancellationToken)
    {
        var things = plan.Entities.Where(entity => entity.Columns is not null).Select(entity => (Entity: entity, Label: Label("entity", entity.Verdicts.Entity))).ToList();
        await WriteAsync(text, Families.OfMetrics, things, cancellationToken);
        await WriteAsync(text, Families.OfForecasts, things.FindAll(thing => thing.Entity.Forecasts is not null), cancellationToken);
    }

    static async Task WriteAsync(
        ExpositionText text, Family<MetricPoint>[] families, List<(PlannedEntity Entity, byte[] Label)> things, CancellationToken cancellationToken)
    {
        foreach (var family in families)
        {
            text.Head(family);
            var name = Name(family);
            var readings = family.Readings.Select(reading => (reading.Value, Extra: Encoding.ASCII.GetBytes(reading.Extra))).ToList();
            foreach (var (entity, label) in things)
            {
                for (var column = 0; column < entity.Chosen.Length; column++)
                {
                    if (!entity.Chosen[column])
                        continue;
                    var point = entity.Point(column);
                    foreach (var (value, extra) in readings)
                        text.Sample(name, label, entity.Columns!.Of(column), extra, value(point), family.IsSingle);
                }
                await text.FlushIfDueAsync(cancellationToken);
            }
        }
    }

    static void WriteLeftOut(ExpositionText text, LeftOut leftOut)
    {
        text.Head(Families.LeftOut);
        foreach (var (level, reason, series) in new[]
        {
            ("incident", "limit", leftOut.Incidents), ("entity", "limit", leftOut.Entities), ("metric", "limit", leftOut.Metrics), ("metric", "unreadable", leftOut.Unreadable),
        })
            text.Sample(Name(Families.LeftOut), Labels(("level", level), ("reason", reason)), [], [], series);
    }

    static void Single(ExpositionText text, Family family, byte[] labels, double value)
    {
        text.Head(family);
        text.Sample(Name(family), labels, [], [], value);
    }

    static byte[] Name(Family family) => Encoding.ASCII.GetBytes(family.Name);

    static byte[] Label(string name, string value) => Labels((name, value));

    static byte[] Labels(params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var output = new ArrayBufferWriter<byte>(64);
        foreach (var (name, value) in labels)
        {
            if (output.WrittenCount > 0)
                output.Write(","u8);
            LabelText.Write(output, Encoding.ASCII.GetBytes(name), value);
        }
        return output.WrittenSpan.ToArray();
    }

    /// <summary>As in JSON: <c>predicted-breach</c>.</summary>
    static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    /// <summary>As durations are written in PromQL: <c>1s</c>, <c>1m</c>.</summary>
    static string Cadence(int milliseconds) => milliseconds switch
    {
        _ when milliseconds % 60_000 == 0 => $"{milliseconds / 60_000}m",
        _ when milliseconds % 1_000 == 0 => $"{milliseconds / 1_000}s",
        _ => $"{milliseconds}ms",
    };
}
