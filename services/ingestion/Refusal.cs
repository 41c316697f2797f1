namespace Forewarn.Ingestion;

/// <summary>Why something is not accepted.</summary>
/// <param name="Status">HTTP status that says the same.</param>
/// <param name="Code">Bounded vocabulary for counters.</param>
/// <param name="Field">JSON path of what is wrong, or the header.</param>
/// <param name="Reason">What is wrong with it.</param>
sealed record Refusal(int Status, string Code, string Field, string Reason);
