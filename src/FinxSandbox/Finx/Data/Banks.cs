namespace FinxSandbox.Finx.Data;

/// <summary>The catalogue. The first two banks are those of finX's own sandbox; their credentials and IBANs are in its public Postman collections.</summary>
internal static class Banks
{
    public static readonly IReadOnlyList<Bank> All =
    [
        new("6b2f5b0e-4c52-4f1b-9f0e-0d7f6f0a1001", "Mockbank - Embedded/Decoupled", "90094815", "MOCKDE01", "figo01", "654321", "123456",
        [
            new("0000002000", "DE07900948150000002000", "Giro account", "Girokonto", "Max Muster", 1_842.17m, RecurringPayments.Household("2")),
            new("0000002001", "DE77900948150000002001", "Daily savings account", "Tagesgeld", "Max Muster", 8_400.00m, RecurringPayments.Savings("2")),
            new("0000002881", "DE82900948150000002881", "Giro account", "Haushaltskonto", "Max und Erika Muster", 612.90m, RecurringPayments.Shared),
        ]),
        new("6b2f5b0e-4c52-4f1b-9f0e-0d7f6f0a1002", "Demobank - 90090042", "90090042", "DEMODE01", "demo", "demo", null,
        [
            German("90090042", "4711951500", "Giro account", "Girokonto", "Erika Muster", 2_310.44m, RecurringPayments.Household("1")),
            German("90090042", "4711951501", "Savings account", "Sparbuch", "Erika Muster", 12_750.00m, RecurringPayments.Savings("1")),
            new("4711951502", null, "Depot", "Wertpapierdepot", "Erika Muster", 24_906.30m, RecurringPayments.Depot),
        ]),
        new("6b2f5b0e-4c52-4f1b-9f0e-0d7f6f0a1003", "Stadtsparkasse Neustadt (Sandbox)", "90050010", "NEUSDE01", "neustadt", "sparen1", "123456",
        [
            German("90050010", "1004711", "Giro account", "Privatgiro", "Jonas Weber", 954.02m, RecurringPayments.Household("5")),
            new("5232450000001234", null, "Credit card", "Mastercard Gold", "Jonas Weber", -183.55m, RecurringPayments.Card),
        ]),
        new("6b2f5b0e-4c52-4f1b-9f0e-0d7f6f0a1004", "Volksbank Seetal eG (Sandbox)", "90060020", "SEETDE01", "seetal", "boot7", null,
        [
            German("90060020", "3300815", "Giro account", "VR-Girokonto", "Mia Schneider", 3_077.61m, RecurringPayments.Household("6")),
            German("90060020", "3300816", "Loan account", "Autokredit", "Mia Schneider", -9_600.00m, RecurringPayments.Loan),
        ]),
        new("6b2f5b0e-4c52-4f1b-9f0e-0d7f6f0a1005", "Nordlicht Direktbank (Sandbox)", "90070030", "NORDDE01", "nordlicht", "polar", "123456",
        [
            German("90070030", "7702026", "Giro account", "Online-Konto", "Amira Yilmaz", 1_205.80m, RecurringPayments.Household("7")),
            German("90070030", "7702027", "Daily savings account", "Extra-Konto", "Amira Yilmaz", 5_000.00m, RecurringPayments.Savings("7")),
            new("4020110000009876", null, "Credit card", "Visa", "Amira Yilmaz", -64.20m, RecurringPayments.Card),
        ]),
    ];

    public static Bank? Find(string? id) => All.FirstOrDefault(bank => bank.Id.Equals(id, StringComparison.OrdinalIgnoreCase));

    public static Bank Of(BankAccount account) => All.First(bank => bank.Accounts.Contains(account));

    /// <summary>The bank that a link names by provider, or by the one account in it.</summary>
    public static Bank? Preselected(string? providerId, IReadOnlyList<string> accounts) =>
        Find(providerId) ?? (accounts is [var account]
            ? All.FirstOrDefault(bank => bank.Accounts.Any(candidate => Is(candidate, account)))
                ?? All.FirstOrDefault(bank => account.Length > 12 && account[4..12] == bank.BankCode)
            : null);

    /// <summary>Whether a link's account reference means this account.</summary>
    public static bool Is(BankAccount account, string reference) => reference == account.Iban || reference == account.Number;

    private static BankAccount German(string bankCode, string number, string type, string name, string owner, decimal opening, IReadOnlyList<RecurringPayment> payments) =>
        new(number.PadLeft(10, '0'), Iban.German(bankCode, number), type, name, owner, opening, payments);
}
