namespace DevSidecar;

/// <summary>Where a logical sidecar stands towards its app.</summary>
public enum AppSidecarState
{
    /// <summary>The API answers; the app port has not opened yet.</summary>
    WaitingForApp,

    /// <summary>The app was reached, its configuration and subscriptions are in force.</summary>
    Ready,

    /// <summary>The app was there and is gone; its partitions and actors went to other replicas.</summary>
    AppLost,

    /// <summary>Disposed.</summary>
    Stopped,
}
