namespace FinxFunctions.Client;

/// <summary>An account to choose beforehand.</summary>
/// <param name="Id">IBAN, or account or card number.</param>
/// <param name="Currency">ISO 4217, such as EUR.</param>
public sealed record AccountReference(string Id, string? Currency = null);
