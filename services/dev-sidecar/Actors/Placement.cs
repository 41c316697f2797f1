using System.Text;

namespace DevSidecar.Actors;

/// <summary>An actor's address.</summary>
readonly record struct ActorId(string Type, string Id)
{
    public override string ToString() => $"{Type}/{Id}";
}

/// <summary>
/// Chooses the host of an actor by rendezvous hashing (Thaler and Ravishankar, 1998): every host gets a weight from the
/// hash of host and actor, the largest wins. When a host comes or goes only the actors it wins or held move.
/// </summary>
static class Placement
{
    public static T? Choose<T>(IReadOnlyCollection<T> hosts, Func<T, string> name, ActorId actor)
        where T : class
    {
        T? best = null;
        var bestWeight = 0UL;
        foreach (var host in hosts)
        {
            var weight = Weight(name(host), actor);
            if (best is null || weight > bestWeight)
            {
                (best, bestWeight) = (host, weight);
            }
        }

        return best;
    }

    static ulong Weight(string host, ActorId actor)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in Encoding.UTF8.GetBytes($"{host}\n{actor.Type}\n{actor.Id}"))
        {
            hash = unchecked((hash ^ b) * 1099511628211UL);
        }

        // FNV mixes its last bytes poorly into the high bits, which decide here.
        hash = unchecked((hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCDUL);
        hash = unchecked((hash ^ (hash >> 33)) * 0xC4CEB9FE1A85EC53UL);
        return hash ^ (hash >> 33);
    }
}
