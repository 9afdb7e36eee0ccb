using System.Globalization;
using FinxSandbox;

namespace FinxFunctions.Tests.Running;

/// <summary>Everything around the app: the sandbox's finX and Key Vault, and a storage account. Several instances of the app may share it.</summary>
public sealed class World : IAsyncDisposable
{
    /// <summary>The addresses to which finX and then the app send the user. No server listens there: tests read the addresses.</summary>
    public const string CallbackAddress = "https://finx-functions.test/api/callback";
    public const string ReturnUri = "https://app.test/banking/done";

    private World(SandboxServer sandbox, string tables) => (Sandbox, Tables) = (sandbox, tables);

    public SandboxServer Sandbox { get; }

    /// <summary>Connection string of the storage account.</summary>
    public string Tables { get; }

    public static async Task<World> StartAsync(SandboxOptions? options = null)
    {
        var storage = await TestContext.Current.GetFixture<TableStorage>() ?? throw new InvalidOperationException("There is no Azurite.");
        return new World(await SandboxServer.StartAsync(options ?? new SandboxOptions()), storage.TakeAccount());
    }

    /// <summary>The settings of an app in this world.</summary>
    public Dictionary<string, string?> Settings()
    {
        Dictionary<string, string?> settings = new()
        {
            ["Finx:BaseAddress"] = Sandbox.FinxAddress.AbsoluteUri,
            ["Finx:ClientId"] = Sandbox.Options.ClientId,
            ["Finx:ClientSecret"] = Sandbox.Options.ClientSecret,
            ["Links:CallbackAddress"] = CallbackAddress,
            ["Links:AllowedReturnUris:0"] = "https://app.test/banking",
            ["Tables:ConnectionString"] = Tables,
            ["Vaults:PublicKeyThumbprint"] = Sandbox.VaultPublicKeyThumbprint,
            ["RotationSchedule"] = Never,
        };
        foreach (var (index, address) in Sandbox.VaultAddresses.Index())
        {
            settings[string.Create(CultureInfo.InvariantCulture, $"Vaults:Addresses:{index}")] = address.AbsoluteUri;
        }

        return settings;
    }

    /// <summary>30 February: the timer runs when a test says so.</summary>
    private const string Never = "0 0 0 30 2 *";

    public ValueTask DisposeAsync() => Sandbox.DisposeAsync();
}
