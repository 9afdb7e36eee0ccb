namespace FinxFunctions.StandIns;

/// <summary>
/// How many calls one operation makes. <c>RemoteCallTests</c> counts them on the app itself and compares. FinxFunctions.Infra.Tests computes
/// from them how the service scales.
/// </summary>
public sealed record CallsPerOperation(int TableCalls, int AuditWrites, int VaultReads, int VaultSets, int FinxCalls)
{
    /// <summary>
    /// A refresh on demand, nothing in memory: 1 query and 1 secret read, 3 writes (lease, persist, commit), 2 of the rotation schedule beside them, 1 new
    /// secret version, 1 call of finX, 2 records in the audit trail (the rotation, the token read).
    /// </summary>
    public static CallsPerOperation Refresh { get; } = new(TableCalls: 1 + 3 + 2, AuditWrites: 2, VaultReads: 1, VaultSets: 1, FinxCalls: 1);

    /// <summary>
    /// A refresh by the timer: 2 queries and 1 secret read, 3 writes (lease, persist, commit), 4 of the rotation schedule, 1 new secret version, 1 call of
    /// finX, 1 record in the audit trail. Calls that a tick makes for all connections at once are not counted.
    /// </summary>
    public static CallsPerOperation TimerRefresh { get; } = new(TableCalls: 2 + 3 + 4, AuditWrites: 1, VaultReads: 1, VaultSets: 1, FinxCalls: 1);

    /// <summary>A read of accounts or transactions with a token that is not in memory: 1 query, 1 secret read, 1 call of finX.</summary>
    public static CallsPerOperation ColdRead { get; } = new(TableCalls: 1, AuditWrites: 0, VaultReads: 1, VaultSets: 0, FinxCalls: 1);

    public static CallsPerOperation operator -(CallsPerOperation left, CallsPerOperation right) => new(
        left.TableCalls - right.TableCalls,
        left.AuditWrites - right.AuditWrites,
        left.VaultReads - right.VaultReads,
        left.VaultSets - right.VaultSets,
        left.FinxCalls - right.FinxCalls);
}
