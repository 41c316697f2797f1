using System.Net;
using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.Alerting.Silences;

/// <summary>Times that the trainer leaves out, through Dapr invocation. Every call may be repeated: the ids follow from what is left out.</summary>
sealed class LeftOutTimes(ServiceInvoker invoker, EntityDirectory entities)
{
    /// <summary>The trainer keeps a bounded list; beyond these the time is left out of everybody's training.</summary>
    const int MostEntities = 50;

    /// <summary>Stands for every entity.</summary>
    const string Everybody = "";

    /// <summary>Whose measurements a maintenance concerns.</summary>
    /// <exception cref="HttpRequestException">History does not answer.</exception>
    public async Task<IReadOnlyList<string>> EntitiesAsync(AlertMatch match, CancellationToken cancellationToken)
    {
        if (AlertMatching.MeansEveryEntity(match))
            return [Everybody];
        if (match is { Entity: { } name, Labels.Count: 0 } && !name.Contains('*', StringComparison.Ordinal))
            return [name];
        var known = await entities.ReadAsync(match.Labels.Count > 0, cancellationToken);
        var matched = known.Where(entity => AlertMatching.MatchesEntity(match, entity.Name, entity.Labels)).Select(entity => entity.Name).ToList();
        return matched.Count > MostEntities ? [Everybody] : matched;
    }

    /// <exception cref="HttpRequestException">The trainer does not answer or refuses.</exception>
    public async Task LeaveOutAsync(SilenceInfo silence, LeftOutTime time, CancellationToken cancellationToken)
    {
        foreach (var entity in time.Entities)
        {
            var request = new ExclusionRequest
            {
                Entity = entity == Everybody ? null : entity,
                From = time.From,
                To = time.To,
                Kind = ExclusionKind.Maintenance,
                Reason = silence.Reason.Length > FeedbackRules.MaxNote ? silence.Reason[..FeedbackRules.MaxNote] : silence.Reason,
                Who = silence.Who,
            };
            using var response = await invoker.PostAsync(Apps.Trainer, "v1/exclusions", request, ContractJson.Default.ExclusionRequest, cancellationToken);
            if (!response.IsSuccessStatusCode)
                throw await RefusedAsync(response, cancellationToken);
        }
    }

    /// <exception cref="HttpRequestException">The trainer does not answer or refuses.</exception>
    public async Task TakeBackAsync(LeftOutTime time, CancellationToken cancellationToken)
    {
        foreach (var entity in time.Entities)
        {
            var id = Exclusion.IdOf(entity == Everybody ? null : entity, time.From, time.To, ExclusionKind.Maintenance);
            using var request = new HttpRequestMessage(HttpMethod.Delete, (Uri?)null);
            using var response = await invoker.SendAsync(request, Apps.Trainer, $"v1/exclusions/{id}", cancellationToken);
            if (!response.IsSuccessStatusCode && response.StatusCode != HttpStatusCode.NotFound)
                throw await RefusedAsync(response, cancellationToken);
        }
    }

    static async Task<HttpRequestException> RefusedAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        new($"the trainer answers {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}", inner: null, response.StatusCode);
}
