namespace FinxFunctions.Client;

/// <summary>What a problem holds for programs.</summary>
internal sealed record ProblemBody(string? Code, string? Title, string? TraceId, string? Reason, IReadOnlyDictionary<string, string[]>? Errors);
