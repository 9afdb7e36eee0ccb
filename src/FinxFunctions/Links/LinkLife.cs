namespace FinxFunctions.Links;

/// <summary>The times between which a link is valid.</summary>
public readonly record struct LinkLife(DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);
