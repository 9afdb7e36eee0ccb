using System.Globalization;

namespace FinxSandbox.Finx.Data;

/// <summary>Accounts and transactions as finX writes them. It writes times in two forms, and so does this.</summary>
internal static class DataWriter
{
    private static readonly Dictionary<string, PaymentBody> SepaTransfer = new() { ["SEPA transfer"] = new PaymentBody(140) };
    private static readonly Dictionary<string, PaymentBody> NoPayments = [];

    public static AccountBody Write(Account account)
    {
        var bank = account.Access.Bank;
        var of = account.BankAccount;
        var icon = $"https://icons.finx-sandbox.example/{bank.BankCode}";
        return new AccountBody(
            account.Id,
            account.Access.Id,
            of.Number,
            bank.BankCode,
            of.Iban,
            bank.Bic,
            bank.Name,
            "EUR",
            of.Type,
            of.Name,
            of.Owner,
            AutoSync: account.Access.SavesSecrets,
            SavePin: account.Access.SavesSecrets,
            IsJointlyManaged: of.Owner.Contains(" und ", StringComparison.Ordinal),
            new IconBody($"{icon}.png", new Dictionary<string, string> { ["48x48"] = $"{icon}_48.png", ["60x60"] = $"{icon}_60.png" }),
            of.Type is "Giro account" ? SepaTransfer : NoPayments,
            Balance(account),
            Status(account));
    }

    public static BalanceBody Balance(Account account) => new(account.Balance(), Day(account.LastSync.At), Status(account));

    public static TransactionBody Write(Transaction transaction)
    {
        var (posting, payment) = (transaction.Posting, transaction.Posting.RecurringPayment);
        var isDebit = payment.Type is "Direct debit";
        var booked = Day(transaction.BookedAt);
        var fetched = Moment(transaction.Sync.At);
        return new TransactionBody(
            transaction.Id,
            transaction.Account.Id,
            posting.Amount,
            "EUR",
            payment.Name,
            payment.Iban,
            string.Create(CultureInfo.InvariantCulture, $"{payment.Purpose} {posting.Day:MM/yyyy}"),
            BookingText: payment.Type.ToUpperInvariant(),
            BookingKey: "MSC",
            payment.Type,
            TransactionCode: Code(payment),
            transaction.IsBooked,
            booked,
            booked,
            payment.CreditorId,
            isDebit ? $"M-{transaction.PartnerId[..8]}" : null,
            EndToEndReference: "NOTPROVIDED",
            payment.Type is "Salary or rent" ? "SALA" : null,
            payment.Purpose,
            PrimaNotaNumber: "9200",
            [payment.Category],
            new PartnerBody(transaction.PartnerId, payment.Name),
            fetched,
            fetched);
    }

    /// <summary>The German business transaction code (GVC).</summary>
    private static int Code(RecurringPayment payment) => payment.Type switch
    {
        "Direct debit" => 105,
        "Electronic cash" => 106,
        "Standing order" => 117,
        "Salary or rent" => 153,
        "Charges or interest" => 814,
        _ => payment.From < 0 ? 116 : 166,
    };

    private static StatusBody Status(Account account) =>
        new(Moment(account.LastSync.At), Moment(account.LastSync.At), "The account was synchronised.");

    private static string Day(DateTimeOffset time) => time.UtcDateTime.Date.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Moment(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'+00:00'", CultureInfo.InvariantCulture);
}
