namespace FinxSandbox.Finx.Data;

/// <summary>A user's connection to a bank. Guarded by the lock of <see cref="BankData"/>, as its accounts are.</summary>
internal sealed class Access(string id, Bank bank)
{
    public string Id { get; } = id;

    public Bank Bank { get; } = bank;

    /// <summary>Whether the user's credentials are stored: only then is there automatic synchronisation.</summary>
    public bool SavesSecrets { get; set; }

    public List<Account> Accounts { get; } = [];
}
