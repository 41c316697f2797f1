namespace DevSidecar.DurableLog;

/// <summary>Divides a batch over partitions so that none starves and the batch is as full as what waits allows.</summary>
static class FairShares
{
    public static int[] Of(IReadOnlyList<long> pending, int max)
    {
        var shares = new int[pending.Count];
        var left = max;
        while (left > 0)
        {
            var open = Enumerable.Range(0, shares.Length).Where(i => pending[i] > shares[i]).ToList();
            if (open.Count == 0)
            {
                break;
            }

            var each = Math.Max(1, left / open.Count);
            foreach (var i in open)
            {
                var more = (int)Math.Min(Math.Min(each, left), pending[i] - shares[i]);
                shares[i] += more;
                left -= more;
            }
        }

        return shares;
    }
}
