namespace FinxFunctions.Auditing;

/// <summary>Where audit records are written: to tables, or to the log where neither setting is given. Section <c>Audit</c>.</summary>
public sealed class AuditOptions
{
    public const string Section = "Audit";

    /// <summary>The table endpoint of a separate storage account, reached by the app's identity. The identity needs no right to change or delete rows.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>A connection string, for Azurite.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Whether records are written to tables; otherwise they are written to the log.</summary>
    internal bool HasTables => Endpoint is not null || ConnectionString is { Length: > 0 };
}
