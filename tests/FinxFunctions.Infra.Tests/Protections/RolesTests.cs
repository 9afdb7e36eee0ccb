using FinxFunctions.Infra.Tests.Templates;

namespace FinxFunctions.Infra.Tests.Protections;

public sealed class RolesTests(Deployments deployments)
{
    private const string Assignment = "Microsoft.Authorization/roleAssignments";
    private const string Definition = "Microsoft.Authorization/roleDefinitions";

    /// <summary>The built-in roles in use, as Microsoft documents their ids.</summary>
    private static readonly Dictionary<string, string> BuiltIn = new()
    {
        ["b7e6dc6d-f1e8-4753-8033-0f276bb0955b"] = "Storage Blob Data Owner",
        ["0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"] = "Storage Table Data Contributor",
        ["4633458b-17de-408a-b874-0445c86b69e6"] = "Key Vault Secrets User",
        ["b86a8fe4-44ce-4948-aee5-eccb2c155cd7"] = "Key Vault Secrets Officer",
        ["3913510d-42f4-4e42-8a64-420c390055eb"] = "Monitoring Metrics Publisher",
    };

    [Fact]
    public void The_app_may_do_what_it_needs_and_nothing_else() => Assert.All(deployments.All, deployment => Assert.Equal(
        Sorted(
        [
            .. deployment.TokenVaults.Select(vault => (vault.Name, "token keeper")),
            (deployment.SettingsVault.Name, "Key Vault Secrets User"),
            (deployment.StateStorage.Name, "Storage Table Data Contributor"),
            (deployment.AuditStorage.Name, "record keeper"),
            (deployment.HostStorage.Name, "Storage Blob Data Owner"),
            (deployment.HostStorage.Name, "Storage Table Data Contributor"),
            (Assert.Single(deployment.All("Microsoft.Insights/components")).Name, "Monitoring Metrics Publisher"),
        ]),
        Sorted(Granted(deployment, isApp: true))));

    [Fact]
    public void In_the_token_vaults_the_app_reads_sets_and_deletes_secrets_and_lists_none() => Assert.All(deployments.All, deployment =>
    {
        var role = Own(deployment, "token keeper");

        Assert.Equal(
            ["Microsoft.KeyVault/vaults/secrets/delete", "Microsoft.KeyVault/vaults/secrets/getSecret/action", "Microsoft.KeyVault/vaults/secrets/recover/action", "Microsoft.KeyVault/vaults/secrets/setSecret/action"],
            role.Texts("properties.permissions.0.dataActions").Order(StringComparer.Ordinal));
        Assert.Equal([], role.Texts("properties.permissions.0.actions"));
        Assert.Single(role["properties.permissions"]!.AsArray());
    });

    [Fact]
    public void The_app_adds_records_and_changes_none() => Assert.All(deployments.All, deployment =>
    {
        var role = Own(deployment, "record keeper");

        Assert.Equal(["Microsoft.Storage/storageAccounts/tableServices/tables/entities/add/action"], role.Texts("properties.permissions.0.dataActions"));
        Assert.Equal(["Microsoft.Storage/storageAccounts/tableServices/tables/write"], role.Texts("properties.permissions.0.actions"));
        Assert.Single(role["properties.permissions"]!.AsArray());
    });

    [Fact]
    public void Roles_of_our_own_are_for_this_environment_only() => Assert.All(deployments.All, deployment => Assert.All(
        deployment.All(Definition),
        role => Assert.Equal([Assert.Single(deployment.All("Microsoft.Resources/resourceGroups")).Id], role.Texts("properties.assignableScopes"))));

    [Fact, Trait("PSRule", "Azure.RBAC.UseGroups")]
    public void In_production_a_group_of_operators_sets_the_finx_secret_and_reads_no_token()
    {
        Assert.Equal([(deployments.Prod.SettingsVault.Name, "Key Vault Secrets Officer")], Granted(deployments.Prod, isApp: false));
        Assert.Equal([(Deployments.Operators, "Group")], Principals(deployments.Prod, isApp: false));
    }

    [Fact]
    public void Whoever_runs_azd_sets_the_finx_secret_and_reads_no_token()
    {
        Assert.Equal([(deployments.Azd.SettingsVault.Name, "Key Vault Secrets Officer")], Granted(deployments.Azd, isApp: false));
        Assert.Equal([(Deployments.Developer, "User")], Principals(deployments.Azd, isApp: false));
    }

    [Fact]
    public void Where_no_operator_is_named_none_gets_a_right() => Assert.Empty(Granted(deployments.Dev, isApp: false));

    [Fact]
    public void Rights_go_to_the_apps_identity() => Assert.All(deployments.All, deployment => Assert.Equal(
        [($"[reference('{Assert.Single(deployment.All("Microsoft.ManagedIdentity/userAssignedIdentities")).Id}', '2024-11-30').principalId]", "ServicePrincipal")],
        Principals(deployment, isApp: true).Distinct()));

    [Fact]
    public void Nobody_gets_a_right_to_more_than_one_resource() => Assert.All(
        deployments.Everywhere(Assignment),
        assignment => Assert.Equal(2, assignment.Id.Split("/providers/").Length - 1));

    [Fact]
    public void Roles_are_given_in_one_file() => Assert.All(
        Directory.EnumerateFiles(Repository.PathOf("infra"), "*.bicep").Where(file => Path.GetFileName(file) != "roles.bicep"),
        file => Assert.DoesNotContain("Microsoft.Authorization/", File.ReadAllText(file), StringComparison.Ordinal));

    [Fact]
    public void A_role_has_its_name_beside_its_id() => Assert.All(
        BuiltIn,
        role => Assert.Contains($"'{role.Value}': '{role.Key}'", Repository.Read("infra", "roles.bicep"), StringComparison.Ordinal));

    /// <summary>Resource and role of each assignment to the app, or to anybody else.</summary>
    private static IReadOnlyList<(string Resource, string Role)> Granted(Deployment deployment, bool isApp) =>
    [
        .. deployment.All(Assignment)
            .Where(assignment => assignment.Text("properties.principalId")!.Contains("/userAssignedIdentities/", StringComparison.Ordinal) == isApp)
            .Select(assignment => (assignment.Id.Split("/providers/")[^2].Split('/')[^1], RoleOf(deployment, assignment.Text("properties.roleDefinitionId")!))),
    ];

    private static IEnumerable<(string Id, string Type)> Principals(Deployment deployment, bool isApp) => deployment.All(Assignment)
        .Select(assignment => (assignment.Text("properties.principalId")!, assignment.Text("properties.principalType")!))
        .Where(principal => principal.Item1.Contains("/userAssignedIdentities/", StringComparison.Ordinal) == isApp);

    private static string RoleOf(Deployment deployment, string definition) => deployment.All(Definition).FirstOrDefault(role => role.Id == definition) is { } own
        ? SourceText.Matches(@"^FinxFunctions (.+) \(", own.Text("properties.roleName")!)[0]
        : BuiltIn[SourceText.Matches("^/subscriptions/[0-9a-f-]{36}/providers/Microsoft\\.Authorization/roleDefinitions/([0-9a-f-]{36})$", definition)[0]];

    private static Resource Own(Deployment deployment, string name) =>
        Assert.Single(deployment.All(Definition), role => role.Text("properties.roleName")!.Contains(name, StringComparison.Ordinal));

    private static IEnumerable<(string, string)> Sorted(IEnumerable<(string, string)> grants) => grants.Order();
}
