namespace FinxFunctions.Finx;

/// <summary>An account that the widget is to connect.</summary>
/// <param name="Id">IBAN, account number or PAN.</param>
/// <param name="Currency">ISO 4217.</param>
public sealed record AccountReference(string Id, string? Currency);
