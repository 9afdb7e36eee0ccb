namespace FinxFunctions.Infra.Tests.Scale;

/// <summary>What one operation asks of others. A test in tests/FinxFunctions.Tests counts these calls on the app itself.</summary>
internal sealed record CallsPerOperation(int TableCalls, int AuditWrites, int VaultReads, int VaultSets, int FinxCalls)
{
    /// <summary>
    /// A refresh, cold: 1 query and 1 secret read, 3 writes (claim, keep, commit), up to 3 writes of the agenda beside, 1 new secret version,
    /// 1 call of finX, 1 record in the audit trail.
    /// </summary>
    public static CallsPerOperation Refresh { get; } = new(TableCalls: 1 + 3 + 3, AuditWrites: 1, VaultReads: 1, VaultSets: 1, FinxCalls: 1);

    /// <summary>A read of accounts or transactions with a token that is not in memory: 1 query, 1 secret read, 1 call of finX.</summary>
    public static CallsPerOperation ColdRead { get; } = new(TableCalls: 1, AuditWrites: 0, VaultReads: 1, VaultSets: 0, FinxCalls: 1);
}
