namespace FinxFunctions.Infra.Tests.Scale;

/// <summary>What one operation asks of others. A test in tests/FinxFunctions.Tests counts these calls on the app itself and compares.</summary>
internal sealed record CallsPerOperation(int TableCalls, int AuditWrites, int VaultReads, int VaultSets, int FinxCalls)
{
    /// <summary>
    /// A refresh on demand, nothing in memory: 1 query and 1 secret read, 3 writes (claim, keep, commit), 2 of the agenda beside them, 1 new
    /// secret version, 1 call of finX, 2 records in the audit trail (the rotation, the token read).
    /// </summary>
    public static CallsPerOperation Refresh { get; } = new(TableCalls: 1 + 3 + 2, AuditWrites: 2, VaultReads: 1, VaultSets: 1, FinxCalls: 1);

    /// <summary>
    /// A refresh by the timer: 2 queries and 1 secret read, 3 writes (claim, keep, commit), 4 of the agenda, 1 new secret version, 1 call of
    /// finX, 1 record in the audit trail. What a tick asks for all at once, due or not, is not counted.
    /// </summary>
    public static CallsPerOperation Visit { get; } = new(TableCalls: 2 + 3 + 4, AuditWrites: 1, VaultReads: 1, VaultSets: 1, FinxCalls: 1);

    /// <summary>A read of accounts or transactions with a token that is not in memory: 1 query, 1 secret read, 1 call of finX.</summary>
    public static CallsPerOperation ColdRead { get; } = new(TableCalls: 1, AuditWrites: 0, VaultReads: 1, VaultSets: 0, FinxCalls: 1);

    public static CallsPerOperation operator -(CallsPerOperation left, CallsPerOperation right) => new(
        left.TableCalls - right.TableCalls,
        left.AuditWrites - right.AuditWrites,
        left.VaultReads - right.VaultReads,
        left.VaultSets - right.VaultSets,
        left.FinxCalls - right.FinxCalls);
}
