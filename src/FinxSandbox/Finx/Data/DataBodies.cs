namespace FinxSandbox.Finx.Data;

internal sealed record AccountListBody(IReadOnlyList<AccountBody> Accounts);

internal sealed record AccountBody(
    string AccountId,
    string AccessId,
    string AccountNumber,
    string BankCode,
    string? Iban,
    string Bic,
    string BankName,
    string Currency,
    string Type,
    string Name,
    string Owner,
    bool AutoSync,
    bool SavePin,
    bool IsJointlyManaged,
    IconBody Icon,
    IReadOnlyDictionary<string, PaymentBody> SupportedPayments,
    BalanceBody Balance,
    StatusBody Status);

internal sealed record IconBody(string Url, IReadOnlyDictionary<string, string> Resolutions);

internal sealed record PaymentBody(int MaxPurposeLength);

internal sealed record BalanceBody(decimal Balance, string BalanceDate, StatusBody Status);

internal sealed record StatusBody(string SyncedAt, string SucceededAt, string Message);

internal sealed record TransactionListBody(IReadOnlyList<TransactionBody> Transactions);

internal sealed record TransactionBody(
    string TransactionId,
    string AccountId,
    decimal Amount,
    string Currency,
    string Name,
    string? Iban,
    string Purpose,
    string BookingText,
    string BookingKey,
    string Type,
    int TransactionCode,
    bool Booked,
    string BookedAt,
    string SettledAt,
    string? CreditorId,
    string? MandateReference,
    string EndToEndReference,
    string? SepaPurposeCode,
    string SepaRemittanceInfo,
    string PrimaNotaNumber,
    IReadOnlyList<Category> Categories,
    PartnerBody PaymentPartner,
    string CreatedAt,
    string ModifiedAt);

internal sealed record PartnerBody(string Id, string Name);
