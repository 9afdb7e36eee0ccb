using FinxFunctions.Infra.Tests.Templates;

[assembly: AssemblyFixture(typeof(Deployments))]

namespace FinxFunctions.Infra.Tests.Templates;

/// <summary>Every file of parameters, compiled once for all tests, in a copy of infra/.</summary>
public sealed class Deployments : IDisposable
{
    internal const string Tenant = "00000000-0000-0000-0000-000000000002";
    internal const string Developer = "00000000-0000-0000-0000-000000000003";
    internal const string Operators = "00000000-0000-0000-0000-0000000000c1";
    internal const string OnCall = "on-call@example.com";

    internal static readonly string[] Applications = ["00000000-0000-0000-0000-0000000000b1", "00000000-0000-0000-0000-0000000000b2"];

    private static readonly string[] Anywhere =
    [
        "--tenant-id", Tenant,
        "--subscription-id", "00000000-0000-0000-0000-000000000001",
        "--location", "germanywestcentral",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("infra-").FullName;

    public Deployments()
    {
        foreach (var file in Directory.EnumerateFiles(Repository.PathOf("infra")).Where(file => !file.EndsWith(".snapshot.json", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        }

        Dev = Compile("dev");
        Prod = Compile("prod", new()
        {
            ["FINX_BASE_ADDRESS"] = "https://finx.example.com",
            ["FINX_CLIENT_ID"] = "finx-client",
            ["FINX_CALLBACK_ADDRESS"] = "https://banking.example.com/api/callback",
            ["FINX_RETURN_URIS"] = "https://www.example.com/banking,https://app.example.com/banking",
            ["API_CLIENT_ID"] = "00000000-0000-0000-0000-0000000000a1",
            ["ALLOWED_APPLICATIONS"] = string.Join(',', Applications),
            ["OPERATOR_GROUP_ID"] = Operators,
            ["ON_CALL"] = OnCall,
        });
        Azd = Compile("main", new() { ["AZURE_ENV_NAME"] = "try", ["AZURE_LOCATION"] = "westeurope", ["AZURE_PRINCIPAL_ID"] = Developer });
    }

    /// <summary>The smallest.</summary>
    internal Deployment Dev { get; }

    /// <summary>Private, callers by Entra ID.</summary>
    internal Deployment Prod { get; }

    /// <summary>What <c>azd up</c> makes of an environment with nothing set.</summary>
    internal Deployment Azd { get; }

    internal IReadOnlyList<Deployment> All => [Dev, Prod, Azd];

    /// <summary>What is found wherever there is such a resource.</summary>
    internal IReadOnlyList<Resource> Everywhere(string type) => [.. All.SelectMany(deployment => deployment.All(type))];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Deployment Compile(string name, Dictionary<string, string>? environment = null)
    {
        var parameters = Path.Combine(_folder, $"{name}.bicepparam");
        BicepCli.Run(environment ?? [], ["snapshot", parameters, .. Anywhere]);
        return new Deployment(name, File.ReadAllText(Path.Combine(_folder, $"{name}.snapshot.json")).ReplaceLineEndings("\n"));
    }
}
