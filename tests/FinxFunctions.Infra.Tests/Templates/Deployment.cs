using System.Text.Json.Nodes;

namespace FinxFunctions.Infra.Tests.Templates;

/// <summary>What one file of parameters would deploy.</summary>
/// <param name="Name">Name of the file of parameters.</param>
/// <param name="Text">The snapshot that Bicep makes of it now.</param>
internal sealed record Deployment(string Name, string Text)
{
    private readonly JsonNode _snapshot = JsonNode.Parse(Text)!;

    public IEnumerable<Resource> Resources => _snapshot["predictedResources"]!.AsArray().Select(node => new Resource(node!));

    public JsonObject Outputs => _snapshot["outputs"]?.AsObject() ?? [];

    public bool IsPrivate => Resources.Any(resource => resource.Type == "Microsoft.Network/privateEndpoints");

    /// <summary>All resources of a type; there is at least one.</summary>
    public IReadOnlyList<Resource> All(string type)
    {
        var found = Resources.Where(resource => resource.Type == type).ToList();
        Assert.True(found.Count > 0, $"{Name} deploys no {type}.");
        return found;
    }

    public Resource TheApp => Assert.Single(All("Microsoft.Web/sites"));

    public Resource HostStorage => Assert.Single(All("Microsoft.Storage/storageAccounts"), account => account.Name.StartsWith("sthost", StringComparison.Ordinal));

    public Resource StateStorage => Assert.Single(All("Microsoft.Storage/storageAccounts"), account => account.Name.StartsWith("ststate", StringComparison.Ordinal));

    public Resource AuditStorage => Assert.Single(All("Microsoft.Storage/storageAccounts"), account => account.Name.StartsWith("staudit", StringComparison.Ordinal));

    public IReadOnlyList<Resource> TokenVaults => [.. All("Microsoft.KeyVault/vaults").Where(vault => vault.Name.StartsWith("kv-tok-", StringComparison.Ordinal))];

    public Resource SettingsVault => Assert.Single(All("Microsoft.KeyVault/vaults"), vault => vault.Name.StartsWith("kv-set-", StringComparison.Ordinal));

    /// <summary>One of the app's configurations, such as <c>appsettings</c>.</summary>
    public Resource Configuration(string name) => Assert.Single(All("Microsoft.Web/sites/config"), config => config.Name.EndsWith($"/{name}", StringComparison.Ordinal));

    public override string ToString() => Name;
}
