using System.Globalization;
using FinxSandbox.Calls;

namespace FinxSandbox.Finx.Data;

/// <summary>The parameters of the transaction lists (docs.qwist.com/reference/listtransactions).</summary>
internal sealed record TransactionQuery
{
    private readonly Dictionary<string, IReadOnlyList<string>> _errors = [];

    private TransactionQuery(Call call)
    {
        Accounts = List(call, "accounts");
        Types = List(call, "types");
        Categories = List(call, "categories");
        Partners = List(call, "payment_partners");
        SyncId = call.Query("sync_id");
        Since = call.Query("since");
        SinceType = Choice(call, "since_type", ["booked", "created", "modified"]);
        IsAscending = Choice(call, "sort", ["desc", "asc"]) is "asc";
        Count = Parsed<int>(call, "count", NumberStyles.None, "Not a valid integer.") ?? 1_000;
        Offset = Parsed<int>(call, "offset", NumberStyles.None, "Not a valid integer.") ?? 0;
        AtLeast = Parsed<decimal>(call, "amount_gte", NumberStyles.Number, "Not a valid number.");
        Below = Parsed<decimal>(call, "amount_lt", NumberStyles.Number, "Not a valid number.");
        IncludesPending = Choice(call, "include_pending", ["false", "true", "0", "1"]) is "true" or "1";
        if (call.Query("until") is { } until && (Until = Date(until)) is null)
            _errors["until"] = ["Not a valid date."];
        if (call.Query("filter") is { } filter && (Filter = KeyValue(filter)) is null)
            _errors["filter"] = ["Must be key:value, with one of the keys date, person, purpose, amount."];
    }

    private IReadOnlyList<string>? Accounts { get; }

    private IReadOnlyList<string>? Types { get; }

    private IReadOnlyList<string>? Categories { get; }

    private IReadOnlyList<string>? Partners { get; }

    private string? SyncId { get; }

    private string? Since { get; }

    private string SinceType { get; }

    private bool IsAscending { get; }

    private int Count { get; }

    private int Offset { get; }

    private decimal? AtLeast { get; }

    private decimal? Below { get; }

    private bool IncludesPending { get; }

    private DateTimeOffset? Until { get; }

    private (string Key, string Value)? Filter { get; }

    /// <returns>Null where a parameter is wrong, and then <paramref name="refusal"/> says why.</returns>
    public static TransactionQuery? Read(Call call, out Answer? refusal)
    {
        var query = new TransactionQuery(call);
        refusal = query._errors.Count == 0 ? null : FinxError.Invalid(query._errors);
        return refusal is null ? query : null;
    }

    /// <param name="accountId">The one account asked for by path; null for all.</param>
    public IEnumerable<Transaction> Of(IReadOnlyList<Account> accounts, string? accountId)
    {
        var all = accounts
            .Where(account => (accountId is null || account.Id == accountId) && (Accounts?.Contains(account.Id) ?? true))
            .SelectMany(account => account.Transactions())
            .ToList();
        // A transaction named in "since" stands for the moment after it; one that is unknown for nothing at all.
        var mark = Since is null || Date(Since) is not null ? null : all.Find(transaction => transaction.Id == Since);

        var matching = all.Where(Matches).Where(transaction => Since is null
            || (Date(Since) is { } date ? Time(transaction) >= date : mark is not null && Compare(transaction, mark) > 0));
        var sorted = IsAscending
            ? matching.Order(Comparer<Transaction>.Create(Compare))
            : matching.OrderDescending(Comparer<Transaction>.Create(Compare));
        return sorted.Skip(Offset).Take(Count);
    }

    private bool Matches(Transaction transaction) =>
        (IncludesPending || transaction.IsBooked)
        && (AtLeast is null || transaction.Posting.Amount >= AtLeast)
        && (Below is null || transaction.Posting.Amount < Below)
        && (Until is null || Time(transaction) < Until.Value.AddDays(1))
        && (SyncId is null || transaction.Sync.Id == SyncId)
        && (Types?.Contains(transaction.Posting.RecurringPayment.Type, StringComparer.OrdinalIgnoreCase) ?? true)
        && (Categories?.Contains(transaction.Posting.RecurringPayment.Category.Id.ToString(CultureInfo.InvariantCulture)) ?? true)
        && (Partners?.Contains(transaction.PartnerId) ?? true)
        && (Filter is not { } filter || Text(transaction, filter.Key).Contains(filter.Value, StringComparison.OrdinalIgnoreCase));

    private DateTimeOffset Time(Transaction transaction) => SinceType is "booked" ? transaction.BookedAt : transaction.Sync.At;

    private int Compare(Transaction left, Transaction right) =>
        Time(left).CompareTo(Time(right)) is not 0 and var byTime ? byTime
        : left.Posting.Day.CompareTo(right.Posting.Day) is not 0 and var byDay ? byDay
        : string.CompareOrdinal(left.Id, right.Id);

    private static string Text(Transaction transaction, string key) => key switch
    {
        "date" => transaction.Posting.Day.ToString("O", CultureInfo.InvariantCulture),
        "person" => transaction.Posting.RecurringPayment.Name,
        "purpose" => transaction.Posting.RecurringPayment.Purpose,
        _ => transaction.Posting.Amount.ToString(CultureInfo.InvariantCulture),
    };

    private static (string Key, string Value)? KeyValue(string filter) =>
        filter.Split(':', 2) is ["date" or "person" or "purpose" or "amount", _] and var pair ? (pair[0], pair[1]) : null;

    private static DateTimeOffset? Date(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : null;

    private static string[]? List(Call call, string name) =>
        call.Query(name)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private string Choice(Call call, string name, string[] choices)
    {
        var value = call.Query(name) ?? choices[0];
        if (!choices.Contains(value, StringComparer.OrdinalIgnoreCase))
            _errors[name] = [$"Must be one of: {string.Join(", ", choices)}."];
        return value.ToLowerInvariant();
    }

    private T? Parsed<T>(Call call, string name, NumberStyles style, string complaint)
        where T : struct, System.Numerics.INumber<T>
    {
        if (call.Query(name) is not { } text)
            return null;
        if (T.TryParse(text, style, CultureInfo.InvariantCulture, out var value))
            return value;

        _errors[name] = [complaint];
        return null;
    }
}
