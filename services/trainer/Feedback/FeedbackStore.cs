using System.Text.Json;
using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.Trainer;

/// <summary>The book of feedback.</summary>
sealed class FeedbackStore(CheckpointStore state, DeadLetters deadLetters)
    : SharedDocument<FeedbackBook>(state, "feedback", "book of feedback", RegistryJson.Default.FeedbackBook)
{
    /// <summary>Takes a delivery in one write; what breaks the rules goes to the dead topic.</summary>
    public async Task TakeAsync(IReadOnlyList<FeedbackEvent> messages, CancellationToken cancellationToken)
    {
        var sound = new List<FeedbackEvent>(messages.Count);
        foreach (var message in messages)
        {
            if (FeedbackRules.WhyNot(message) is { } reason)
            {
                var original = JsonSerializer.SerializeToUtf8Bytes(message, ContractJson.Default.FeedbackEvent);
                await deadLetters.PublishAsync(Topics.Feedback, reason, original, cancellationToken);
            }
            else
            {
                sound.Add(message);
            }
        }
        if (sound.Count > 0)
            await ChangeAsync(book => book.With(sound), cancellationToken);
    }
}
