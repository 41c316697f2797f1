using Forewarn.Contracts;
using Forewarn.Gateway.Status;

namespace Forewarn.Gateway.Exposition;

/// <summary>An entity in a scrape.</summary>
/// <param name="Columns">Null when its metrics are not wanted, or cannot be read.</param>
/// <param name="Forecasts">By column; null when there is none at all.</param>
/// <param name="Chosen">Columns that are in the scrape.</param>
sealed record PlannedEntity(EntityVerdicts Verdicts, ColumnLabels? Columns, Forecast?[]? Forecasts, bool[] Chosen)
{
    public MetricPoint Point(int column) => new(Verdicts.Finest, column, Forecasts?[column]);
}

/// <summary>Series that are wanted and not there.</summary>
/// <param name="Unreadable">Of metrics whose columns could not be read; a guess, as nobody knows their forecasts.</param>
sealed record LeftOut(int Incidents, int Entities, int Metrics, int Unreadable);

/// <summary>
/// What goes into one scrape. Its series are bounded: unresolved incidents come first, the worst and newest before others, then entities, then metrics;
/// of both, what is strange comes first. The rest follows in the order of names, not of strangeness, so that the same series are there in
/// every scrape: a set that changed each time would become as many series for whoever stores it as if there were no bound.
/// </summary>
sealed record ExpositionPlan(IReadOnlyList<OpenIncident> Wanted, IReadOnlyList<OpenIncident> Incidents, IReadOnlyList<PlannedEntity> Entities, LeftOut LeftOut)
{
    /// <summary>More incidents than this at once are told by their number.</summary>
    public const int MostIncidents = 1_000;

    /// <summary>Series of an incident.</summary>
    const int PerIncident = 2;

    /// <summary>Robust standard deviations, as far as what is normal reaches.</summary>
    const double StrangeZ = 3;

    public static ExpositionPlan Of(
        ExpositionRequest request, int bound, IReadOnlyList<EntityVerdicts> present, IReadOnlyList<OpenIncident> unresolved, IReadOnlyDictionary<string, ColumnLabels> columns)
    {
        var left = bound;
        List<OpenIncident> wanted =
        [
            .. unresolved.Where(incident => request.HasEntity(incident.Entity))
                .OrderByDescending(incident => incident.Severity).ThenByDescending(incident => incident.OpenedAt).ThenBy(incident => incident.Id, StringComparer.Ordinal),
        ];
        List<OpenIncident> incidents = [.. wanted.Take(Math.Min(MostIncidents, left / PerIncident))];
        left -= incidents.Count * PerIncident;

        var (entities, entitiesLeftOut, metricsLeftOut) = (new List<PlannedEntity>(), 0, 0);
        foreach (var entity in present.Where(entity => request.HasEntity(entity.Entity)).OrderByDescending(entity => entity.IsAnomalous))
        {
            var planned = Plan(entity, request.WithMetrics ? columns.GetValueOrDefault(entity.Finest.Schema) : null);
            var cost = CostOf(entity);
            if (cost <= left)
            {
                left -= cost;
                entities.Add(planned);
                continue;
            }
            entitiesLeftOut += cost;
            metricsLeftOut += ColumnsOf(request, planned).Sum(column => CostOf(planned.Point(column)));
        }
        entities.Sort((one, other) => string.CompareOrdinal(one.Verdicts.Entity, other.Verdicts.Entity));
        var unreadable = request.WithMetrics ? entities.Where(entity => entity.Columns is null).Sum(UnreadableOf) : 0;
        metricsLeftOut += ChooseMetrics(request, entities, left);
        return new ExpositionPlan(wanted, incidents, entities, new LeftOut((wanted.Count - incidents.Count) * PerIncident, entitiesLeftOut, metricsLeftOut, unreadable));
    }

    /// <returns>Series left out.</returns>
    static int ChooseMetrics(ExpositionRequest request, List<PlannedEntity> entities, int left)
    {
        var leftOut = 0;
        foreach (var (entity, column) in StrangeOf(request, entities))
            Choose(entity, column);
        foreach (var entity in entities)
        {
            foreach (var column in ColumnsOf(request, entity))
            {
                if (!entity.Chosen[column] && !Choose(entity, column))
                    leftOut += CostOf(entity.Point(column));
            }
        }
        return leftOut;

        bool Choose(PlannedEntity entity, int column)
        {
            var cost = CostOf(entity.Point(column));
            if (cost > left)
                return false;
            left -= cost;
            return entity.Chosen[column] = true;
        }
    }

    static IEnumerable<int> ColumnsOf(ExpositionRequest request, PlannedEntity entity)
    {
        if (entity.Columns is not { } labels)
            yield break;
        for (var column = 0; column < labels.Columns.Count; column++)
        {
            if (!labels.Of(column).IsEmpty && request.HasMetric(labels.Columns[column].Name))
                yield return column;
        }
    }

    /// <summary>The surest breaches first, then what is farthest from normal.</summary>
    static List<(PlannedEntity Entity, int Column)> StrangeOf(ExpositionRequest request, List<PlannedEntity> entities)
    {
        var strange = new List<(PlannedEntity Entity, int Column)>();
        foreach (var entity in entities)
        {
            var isAnomalous = entity.Verdicts.IsAnomalous;
            if (!isAnomalous && entity.Forecasts is null)
                continue;
            foreach (var column in ColumnsOf(request, entity))
            {
                var point = entity.Point(column);
                if (point.Forecast is not null || isAnomalous && Math.Abs(point.Z) > StrangeZ)
                    strange.Add((entity, column));
            }
        }
        return [.. strange.OrderByDescending(one => one.Entity.Point(one.Column).Forecast?.P60m ?? -1).ThenByDescending(one => Math.Abs(one.Entity.Point(one.Column).Z))];
    }

    static PlannedEntity Plan(EntityVerdicts verdicts, ColumnLabels? columns)
    {
        if (columns is null)
            return new PlannedEntity(verdicts, null, null, []);
        Forecast?[]? forecasts = null;
        foreach (var forecast in verdicts.Finest.Outlook?.Forecasts ?? [])
        {
            for (var column = 0; column < columns.Columns.Count; column++)
            {
                if (columns.Columns[column].Id == forecast.Series)
                    (forecasts ??= new Forecast?[columns.Columns.Count])[column] = forecast;
            }
        }
        return new PlannedEntity(verdicts, columns, forecasts, new bool[columns.Columns.Count]);
    }

    static int CostOf(EntityVerdicts entity)
    {
        var cost = 0;
        foreach (var verdict in entity.Cadences)
        {
            // And the one that names the model.
            cost++;
            foreach (var family in Families.OfEntities)
                cost += family.Count(verdict);
        }
        return cost;
    }

    static int CostOf(MetricPoint point)
    {
        var cost = 0;
        foreach (var family in Families.OfMetrics)
            cost += family.Count(point);
        if (point.Forecast is null)
            return cost;
        foreach (var family in Families.OfForecasts)
            cost += family.Count(point);
        return cost;
    }

    static int UnreadableOf(PlannedEntity entity)
    {
        var cost = 0;
        for (var column = 0; column < entity.Verdicts.Finest.Tick.Values.Length; column++)
            cost += CostOf(new MetricPoint(entity.Verdicts.Finest, column, null));
        return cost;
    }
}
