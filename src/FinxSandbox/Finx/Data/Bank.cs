namespace FinxSandbox.Finx.Data;

/// <summary>A bank of the catalogue with its one customer.</summary>
/// <param name="Id">The provider_id.</param>
/// <param name="Otp">The one-time password; null where the bank wants none.</param>
internal sealed record Bank(string Id, string Name, string BankCode, string Bic, string User, string Password, string? Otp, IReadOnlyList<BankAccount> Accounts);

/// <param name="Iban">Null for an account that has none, such as a credit card.</param>
/// <param name="Opening">Balance on the day before the first transaction shown.</param>
internal sealed record BankAccount(
    string Number, string? Iban, string Type, string Name, string Owner, decimal Opening, IReadOnlyList<RecurringPayment> RecurringPayments);

/// <summary>A line of <c>GET /catalog/banks</c>.</summary>
internal sealed record BankBody(string Id, string Name, string BankCode, string Bic);
