namespace DevSidecar.DurableLog;

/// <summary>The log refuses a record; the message says why and what to do.</summary>
sealed class LogUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
