namespace FinxFunctions.State;

/// <summary>Where the tables are. Section <c>Tables</c>. One of the two settings is needed.</summary>
public sealed class TableOptions
{
    public const string Section = "Tables";

    /// <summary>The storage account's table endpoint, reached by the app's identity.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>A connection string, for Azurite.</summary>
    public string? ConnectionString { get; set; }
}
