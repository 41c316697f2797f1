namespace Forewarn.Hosting;

/// <summary>A delivery came before something it needs was there: no fault, it comes again. The message says what is awaited.</summary>
public class NotReadyException(string message) : Exception(message);
