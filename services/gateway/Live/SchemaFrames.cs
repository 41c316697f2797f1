using System.Collections.Concurrent;
using Forewarn.Contracts;

namespace Forewarn.Gateway.Live;

/// <summary>Where the columns of a schema are read.</summary>
delegate ValueTask<SeriesSchema> SchemaSource(string hash, CancellationToken cancellationToken);

/// <summary>The columns of schemas as events, made once.</summary>
sealed class SchemaFrames(SchemaSource source, ILogger<SchemaFrames> logger)
{
    readonly ConcurrentDictionary<string, Frame> _frames = new(StringComparer.Ordinal);

    /// <summary>The event, or null when the columns cannot be read now: live ticks are shown or not, they do not wait.</summary>
    public async ValueTask<Frame?> GetAsync(string hash, CancellationToken cancellationToken)
    {
        if (_frames.TryGetValue(hash, out var known))
            return known;
        try
        {
            var schema = await source(hash, cancellationToken);
            return _frames.GetOrAdd(hash, Frame.Of("schema", schema, ContractJson.Default.SeriesSchema));
        }
#pragma warning disable CA1031 // Whatever the reason, the ticks of this schema cannot be understood without it.
        catch (Exception unknown) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.SchemaUnknown(logger, hash, unknown.Message);
            return null;
        }
    }
}
