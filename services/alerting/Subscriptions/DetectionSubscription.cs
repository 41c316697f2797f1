using Forewarn.Alerting.Correlation;
using Forewarn.Alerting.Incidents;
using Forewarn.Alerting.Subscriptions;
using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.Alerting.Subscriptions
{
    /// <summary>Folds each delivery per fingerprint, asks whose incident each is, and calls each incident once.</summary>
    sealed class DetectionSubscription(EntityCards cards, Correlators correlators, IncidentDirectory incidents, AlertingOptions options, Telemetry telemetry)
    {
        const int AtOnce = 8;
        const string Everything = "everything";

        readonly string[] _relatedBy = options.RelatedBy.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

        public async Task HandleAsync(IReadOnlyList<Detection> detections, CancellationToken cancellationToken)
        {
            telemetry.Detections.Add(detections.Count);
            var parts = detections.GroupBy(Fingerprint.Of)
                .ToDictionary(group => group.Key, group => group.OrderBy(detection => detection.T).ToList(), StringComparer.Ordinal);
            var known = await cards.ReadAsync([.. parts.Values.Select(part => part[0].Entity).Distinct(StringComparer.Ordinal)], cancellationToken);
            var folds = new List<DetectionFold>();
            foreach (var scope in parts.GroupBy(part => ScopeOf(known[part.Value[0].Entity])))
                folds.AddRange(await AssignAsync(scope.Key, [.. scope], known, cancellationToken));
            await Parallel.ForEachAsync(
                folds, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
                async (fold, token) => await incidents.ObserveAsync(fold, token));
        }

        async Task<IEnumerable<DetectionFold>> AssignAsync(
            string scope, List<KeyValuePair<string, List<Detection>>> parts, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> cards, CancellationToken cancellationToken)
        {
            var onsets = parts.Select(part => OnsetReader.Read(part.Key, part.Value, PlacesOf(cards[part.Value[0].Entity])))
                .OrderBy(onset => parts.Find(part => part.Key == onset.Fingerprint).Value[0].Since).ToArray();
            var byFingerprint = parts.ToDictionary(part => part.Key, part => part.Value, StringComparer.Ordinal);
            var assignments = await correlators.AssignAsync(scope, onsets, cancellationToken);
            return assignments.GroupBy(assignment => assignment.Lead).Select(group =>
            {
                // The lead's own come first: they give the incident its words.
                var folded = group.OrderBy(assignment => assignment.Why.Length > 0)
                    .Select(assignment => new FoldPart(assignment.Fingerprint, assignment.Why, byFingerprint[assignment.Fingerprint])).ToList();
                var first = folded[0].Detections[0];
                return new DetectionFold(group.Key, LabelsOf(cards[first.Entity], first), folded);
            });
        }

        /// <summary>What is known of the entity; what the sender of an alert says of it goes above that.</summary>
        static IReadOnlyDictionary<string, string> LabelsOf(IReadOnlyDictionary<string, string> attributes, Detection detection) => detection.Labels.Count == 0
            ? attributes
            : detection.Labels.Concat(attributes).DistinctBy(label => label.Key, StringComparer.Ordinal).ToDictionary(label => label.Key, label => label.Value, StringComparer.Ordinal);

        string ScopeOf(IReadOnlyDictionary<string, string> attributes) =>
            attributes.TryGetValue(options.GroupBy, out var group) && group.Length > 0 ? group : Everything;

        IReadOnlyList<string> PlacesOf(IReadOnlyDictionary<string, string> attributes) =>
            [.. _relatedBy.Where(attributes.ContainsKey).Select(name => $"{name}={attributes[name]}")];
    }
}

namespace Forewarn.Alerting
{
    static class DetectionRoutes
    {
        public static void MapDetections(this IEndpointRouteBuilder routes)
        {
            var subscription = routes.ServiceProvider.GetRequiredService<DetectionSubscription>();
            routes.MapBulkSubscription(
                Components.Alerts, Topics.Detections, ContractJson.Default.Detection, subscription.HandleAsync, new BulkOptions(MaxCount: 200, MaxAwaitMs: 10));
        }
    }
}
