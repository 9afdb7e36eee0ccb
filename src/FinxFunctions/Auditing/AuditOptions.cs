namespace FinxFunctions.Auditing;

/// <summary>Where the audit trail goes: one of the two, or neither. Section <c>Audit</c>.</summary>
public sealed class AuditOptions
{
    public const string Section = "Audit";

    /// <summary>The table endpoint of a storage account of its own, reached by the app's identity. It needs no right to change or delete rows.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>A connection string, for Azurite.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Whether records go to tables; else they go to the log.</summary>
    internal bool HasTables => Endpoint is not null || ConnectionString is { Length: > 0 };
}
