using FinxSandbox.Finx.Tokens;

namespace FinxSandbox.Finx.Data;

/// <summary>The users' accesses and accounts. finX stores them by user: all connections of a user see all accounts.</summary>
internal sealed class BankData(TimeProvider clock)
{
    /// <summary>Days of history that a bank gives at most.</summary>
    private const int Longest = 365;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, User> _users = [];
    private int _lastUser;
    private int _lastSync;

    /// <summary>Connects accounts, or synchronises those that the user has connected before.</summary>
    public void Connect(string userId, Bank bank, IReadOnlyList<BankAccount> accounts, bool savesSecrets, int days)
    {
        lock (_gate)
        {
            if (!_users.TryGetValue(userId, out var user))
                _users[userId] = user = new User(++_lastUser);
            var access = user.Accesses.Find(access => access.Bank == bank);
            if (access is null)
                user.Accesses.Add(access = new Access($"X{user.Number}.{++user.LastAccess}", bank));
            access.SavesSecrets = savesSecrets;

            foreach (var account in accounts.Where(account => access.Accounts.All(known => known.BankAccount != account)))
                access.Accounts.Add(new Account(access, user.Number, ++user.LastAccount, account));

            var (sync, now) = (NextSync(), clock.GetUtcNow());
            foreach (var account in access.Accounts.Where(known => accounts.Contains(known.BankAccount)))
                account.Synchronise(sync, now, Math.Min(days, Longest));
        }
    }

    /// <summary>The user's accounts; those that may be are synchronised once a day.</summary>
    public T Read<T>(TokenFamily reader, Func<IReadOnlyList<Account>, T> read)
    {
        lock (_gate)
        {
            if (!_users.TryGetValue(reader.UserId, out var user))
                return read([]);

            var now = clock.GetUtcNow();
            var today = DateOnly.FromDateTime(now.UtcDateTime);
            foreach (var access in user.Accesses.Where(access => access.SavesSecrets))
            {
                var due = access.Accounts.Where(account => account.LastSync.To < today).ToList();
                var sync = due.Count > 0 ? NextSync() : "";
                due.ForEach(account => account.Synchronise(sync, now, Longest));
            }

            return read([.. user.Accesses.SelectMany(access => access.Accounts)]);
        }
    }

    /// <summary>Those of the user's accounts that have these ids; all where there are no ids.</summary>
    public IReadOnlyList<BankAccount> Known(string userId, IReadOnlyList<string> accountIds)
    {
        lock (_gate)
        {
            return _users.TryGetValue(userId, out var user)
                ?
                [
                    .. user.Accesses.SelectMany(access => access.Accounts)
                        .Where(account => accountIds.Count == 0 || accountIds.Contains(account.Id))
                        .Select(account => account.BankAccount),
                ]
                : [];
        }
    }

    public bool RemoveAccount(string userId, string accountId)
    {
        lock (_gate)
            return _users.TryGetValue(userId, out var user) && user.Accesses.Sum(access => access.Accounts.RemoveAll(account => account.Id == accountId)) > 0;
    }

    public void RemoveUser(string userId)
    {
        lock (_gate)
            _users.Remove(userId);
    }

    private string NextSync() => $"S{++_lastSync}";

    private sealed class User(int number)
    {
        public int Number { get; } = number;

        public int LastAccess { get; set; }

        public int LastAccount { get; set; }

        public List<Access> Accesses { get; } = [];
    }
}
