namespace DevSidecar.Apps;

/// <summary>Who is there: replicas by app id, handed out in turn.</summary>
sealed class AppDirectory
{
    readonly Lock _lock = new();
    readonly Dictionary<string, List<AppSidecar>> _apps = new(StringComparer.OrdinalIgnoreCase);
    int _turn;

    public void Add(AppSidecar app)
    {
        lock (_lock)
        {
            if (!_apps.TryGetValue(app.AppId, out var replicas))
            {
                _apps[app.AppId] = replicas = [];
            }

            replicas.Add(app);
        }
    }

    public void Remove(AppSidecar app)
    {
        lock (_lock)
        {
            _apps.GetValueOrDefault(app.AppId)?.Remove(app);
        }
    }

    /// <summary>The replicas of an app in the order to try them: ready ones first, each call starting with the next. Null for an unknown app.</summary>
    public IReadOnlyList<AppSidecar>? Replicas(string appId)
    {
        lock (_lock)
        {
            if (!_apps.TryGetValue(appId, out var replicas) || replicas.Count == 0)
            {
                return null;
            }

            var usable = replicas.FindAll(r => r.AppPort > 0);
            var start = (int)((uint)Interlocked.Increment(ref _turn) % Math.Max(1, usable.Count));
            return [.. Enumerable.Range(0, usable.Count).Select(i => usable[(start + i) % usable.Count]).OrderBy(r => r.State == AppSidecarState.Ready ? 0 : 1)];
        }
    }
}
