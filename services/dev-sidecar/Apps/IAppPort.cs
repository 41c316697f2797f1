namespace DevSidecar.Apps;

/// <summary>The app as deliveries see it.</summary>
interface IAppPort
{
    AppChannel Channel { get; }

    /// <summary>After a failed call: is the app still there? When it is not, waits until its sidecar has noticed.</summary>
    Task<bool> IsAliveAsync(CancellationToken cancellationToken);
}
