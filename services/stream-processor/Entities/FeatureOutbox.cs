using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.StreamProcessor;

/// <summary>Collects the feature ticks of one entity into batches, and keeps these until the broker has them.</summary>
sealed class FeatureOutbox(string entity, string producer)
{
    /// <summary>Ticks in one message: a backlog must not become one enormous message.</summary>
    const int MaxTicks = 60;

    readonly List<Pending> _pending = [];
    long _seq;

    public Outbox<FeatureBatch> Batches { get; } = new();

    /// <summary>Schemas that the batches name, in the order they came up.</summary>
    public List<SeriesSchema> Schemas { get; } = [];

    public void Add(SeriesSchema schema, int cadenceMs, EntityMaturity maturity, FeatureTick tick, long received)
    {
        foreach (var pending in _pending)
        {
            if (pending.CadenceMs != cadenceMs || pending.Ticks.Count == MaxTicks || !ReferenceEquals(pending.Schema, schema))
                continue;
            pending.Take(tick, maturity, received);
            return;
        }
        var opened = new Pending(schema, cadenceMs);
        opened.Take(tick, maturity, received);
        _pending.Add(opened);
    }

    /// <summary>Numbers what was added and puts it into <see cref="Batches"/>.</summary>
    public void Seal(long now)
    {
        foreach (var pending in _pending)
        {
            var batch = new FeatureBatch
            {
                Entity = entity,
                Producer = producer,
                Seq = ++_seq,
                Schema = pending.Schema.Hash,
                Spec = FeatureSpec.Version,
                CadenceMs = pending.CadenceMs,
                Maturity = pending.Maturity,
                Ticks = pending.Ticks,
                Stamps = new Stamps { Received = pending.Received, Featured = now },
            };
            Batches.Add(entity, ContentHash.Of($"{entity}\nfeatures\n{pending.CadenceMs}\n{pending.Ticks[0].T}"), batch);
            if (!Schemas.Contains(pending.Schema))
                Schemas.Add(pending.Schema);
        }
        _pending.Clear();
    }

    public void Clear()
    {
        Batches.Clear();
        Schemas.Clear();
    }

    sealed class Pending(SeriesSchema schema, int cadenceMs)
    {
        public SeriesSchema Schema { get; } = schema;
        public int CadenceMs { get; } = cadenceMs;
        public List<FeatureTick> Ticks { get; } = [];
        public EntityMaturity Maturity { get; private set; }
        public long Received { get; private set; }

        public void Take(FeatureTick tick, EntityMaturity maturity, long received)
        {
            Ticks.Add(tick);
            Maturity = maturity;
            Received = Math.Max(Received, received);
        }
    }
}
