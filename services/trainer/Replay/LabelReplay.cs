using Forewarn.Contracts;
using Forewarn.Models;

namespace Forewarn.Trainer;

/// <summary>Replays the times that people labelled, from history, with two models side by side.</summary>
sealed class LabelReplay(HistoryReader history, TrainerOptions options, TimeProvider time)
{
    /// <summary>Before a span: features warm up and the calibration settles, as it does for a challenger on live traffic.</summary>
    public const long LeadInMs = (ShadowDetector.SettleTicks + 300) * 1000L;

    /// <summary>People round to the minute.</summary>
    const long MarginMs = LeftOut.MarginMs;

    /// <summary>What is not replayed by then is left out, and counted.</summary>
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>The words that a comparison rests on now.</summary>
    public IReadOnlyList<FeedbackEvent> Choose(FeedbackBook book) =>
        LabelledSpans.Choose([.. book.Entries.Select(entry => entry.Event)], options.ReplayIncidents);

    /// <exception cref="HttpRequestException">History does not answer.</exception>
    public async Task<IncidentReplay> RunAsync(
        IReadOnlyList<FeedbackEvent> chosen, ReplayModel champion, ReplayModel challenger, DetectorOptions detection, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var spans = new List<ReplayedSpan>();
        var unread = 0;
        foreach (var word in chosen)
        {
            if (time.GetElapsedTime(started) < Longest
                && await ReplayAsync(await SpanAsync(word, cancellationToken), [champion, challenger], detection, cancellationToken) is { } span)
                spans.Add(span);
            else
                unread++;
        }
        return LabelledSpans.Sum(LabelledSpans.IdentityOf(chosen, detection), time.GetUtcNow().ToUnixTimeMilliseconds(), spans, unread);
    }

    /// <summary>Null when history no longer holds it.</summary>
    async Task<ReplayedSpan?> ReplayAsync(
        LabelledSpan span, IReadOnlyList<ReplayModel> models, DetectorOptions detection, CancellationToken cancellationToken)
    {
        var replay = new DecisionReplay(models, detection);
        var isHeld = false;
        await foreach (var (t, schema, values) in history.SamplesAsync(span.Entity, span.From - LeadInMs, span.To + MarginMs, cancellationToken))
        {
            isHeld |= t >= span.From;
            replay.Add(t, schema, values);
        }
        if (!isHeld)
            return null;
        var told = replay.Finish().Select(episodes => Episodes.ToldAfter(episodes, span.From, span.To, MarginMs)).ToArray();
        return new ReplayedSpan
        {
            Id = span.Id,
            Kind = span.Kind,
            Entity = span.Entity,
            From = span.From,
            To = span.To,
            ChampionAfterSeconds = told[0],
            ChallengerAfterSeconds = told[1],
        };
    }

    async Task<LabelledSpan> SpanAsync(FeedbackEvent word, CancellationToken cancellationToken)
    {
        var end = word is { To: null, Incident: { } id } ? (await history.IncidentAsync(id, cancellationToken))?.ResolvedAt : null;
        return LabelledSpans.Of(word, end);
    }
}
