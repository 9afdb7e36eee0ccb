namespace FinxSandbox.Finx.Data;

/// <summary>An account that a user has connected, with what has been synchronised of it.</summary>
internal sealed class Account(Access access, int user, int number, BankAccount bankAccount)
{
    private readonly List<Sync> _syncs = [];
    private readonly List<Transaction> _transactions = [];
    private int _generated;

    public string Id { get; } = $"A{user}.{number}";

    public Access Access { get; } = access;

    public BankAccount BankAccount { get; } = bankAccount;

    public Sync LastSync => _syncs[^1];

    /// <summary>Fetches what the bank has, up to now.</summary>
    /// <param name="days">History wanted where this is the first synchronisation.</param>
    public void Synchronise(string syncId, DateTimeOffset now, int days)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var from = _syncs is [.., var last] ? last.To.AddDays(1) : today.AddDays(-days);
        _syncs.Add(new Sync(syncId, now, from, today));
    }

    /// <summary>Oldest first. Made when first asked for: most connections of a load test never are.</summary>
    public IReadOnlyList<Transaction> Transactions()
    {
        for (; _generated < _syncs.Count; _generated++)
        {
            var sync = _syncs[_generated];
            for (var day = sync.From; day <= sync.To; day = day.AddDays(1))
                _transactions.AddRange(Posting.On(BankAccount, day).Select(posting => new Transaction(this, Name(posting), posting, sync)));
        }

        return _transactions;
    }

    public decimal Balance() => BankAccount.Opening + Transactions().Where(transaction => transaction.IsBooked).Sum(transaction => transaction.Posting.Amount);

    private string Name(Posting posting) => $"T{user}.{number}{posting.Day.DayNumber:000000}{posting.Number:00}";
}
