using System.Globalization;
using FinxSandbox;

namespace FinxFunctions.Worker.Tests.Running;

/// <summary>What lies around the functions: finX, a vault and the managed identity in miniature, and a storage account.</summary>
internal sealed class World : IAsyncDisposable
{
    /// <summary>Where finX sends the user. Nobody listens there: tests read the address.</summary>
    public const string CallbackAddress = "https://finx-functions.test/api/callback";

    /// <summary>DevHost's one key, and here the function key of any host.</summary>
    public const string KeySetting = "FunctionKey";

    /// <summary>30 February: the timer runs when a test says so.</summary>
    public const string Never = "0 0 0 30 2 *";

    private readonly string _tables;

    private World(SandboxServer sandbox, Gate gate, string tables) => (Sandbox, Tables, _tables) = (sandbox, gate, tables);

    public SandboxServer Sandbox { get; }

    /// <summary>Stands before the tables, and can be shut.</summary>
    public Gate Tables { get; }

    public static async Task<World> StartAsync(TableServer tables, SandboxOptions? options = null)
    {
        var account = await tables.TakeAccountAsync();
        var (start, end) = (account.IndexOf("http://", StringComparison.Ordinal), account.LastIndexOf('/'));
        var gate = Gate.Open(new Uri(account[start..end]));
        return new(await SandboxServer.StartAsync(options ?? new()), gate, $"{account[..start]}http://127.0.0.1:{gate.Port}{account[end..]}");
    }

    /// <summary>The settings by which a host finds its way in this world.</summary>
    /// <param name="more">Added, or in their place; null takes one away.</param>
    public Dictionary<string, string> Settings(Dictionary<string, string?>? more = null)
    {
        Dictionary<string, string?> settings = new()
        {
            ["DOTNET_TC_CallCounting"] = "0", // it will not live long enough to be worth optimising
            ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true",
            ["Finx__BaseAddress"] = Sandbox.FinxAddress.AbsoluteUri,
            ["Finx__ClientId"] = Sandbox.Options.ClientId,
            ["Finx__ClientSecret"] = Sandbox.Options.ClientSecret,
            ["Links__CallbackAddress"] = CallbackAddress,
            ["Links__AllowedReturnUris__0"] = "http://localhost/",
            ["Tables__ConnectionString"] = _tables,
            ["Vaults__PublicKeyThumbprint"] = Sandbox.VaultPublicKeyThumbprint,
            ["RotationSchedule"] = Never,
            ["AZURE_CLIENT_ID"] = "00000000-0000-0000-0000-000000000001",
            ["IDENTITY_ENDPOINT"] = Sandbox.IdentityEndpoint.AbsoluteUri,
            ["IDENTITY_HEADER"] = Sandbox.IdentityHeader,
        };
        foreach (var (index, address) in Sandbox.VaultAddresses.Index())
            settings[string.Create(CultureInfo.InvariantCulture, $"Vaults__Addresses__{index}")] = address.AbsoluteUri;
        foreach (var (name, value) in more ?? [])
            settings[name] = value;
        return settings.Where(setting => setting.Value is not null).ToDictionary(setting => setting.Key, setting => setting.Value!);
    }

    public async ValueTask DisposeAsync()
    {
        await Sandbox.DisposeAsync();
        await Tables.DisposeAsync();
    }
}
