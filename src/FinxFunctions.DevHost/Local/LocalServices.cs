using FinxSandbox;

namespace FinxFunctions.DevHost.Local;

/// <summary>
/// The services that the app needs and no setting names: finX, Key Vault and Table Storage. A local stand-in is started for each, and its
/// address becomes the default of the app's setting.
/// </summary>
public sealed class LocalServices : IAsyncDisposable
{
    private SandboxServer? _sandbox;

    /// <summary>Null if finX is configured.</summary>
    public SandboxServer? Finx { get; private set; }

    /// <summary>Null if vaults are configured.</summary>
    public SandboxServer? Vault { get; private set; }

    /// <summary>Null if tables are configured.</summary>
    public Azurite? Tables { get; private set; }

    public static async Task<LocalServices> StartAsync(ConfigurationManager configuration)
    {
        var local = new LocalServices();
        try
        {
            await Task.WhenAll(local.StartSandboxAsync(configuration), local.StartTablesAsync(configuration));
        }
        catch
        {
            await local.DisposeAsync();
            throw;
        }
        configuration.AddDefaults(new(local.Settings(configuration)));
        return local;
    }

    public async ValueTask DisposeAsync()
    {
        if (Tables is not null)
            await Tables.DisposeAsync();
        if (_sandbox is not null)
            await _sandbox.DisposeAsync();
    }

    private async Task StartSandboxAsync(ConfigurationManager configuration)
    {
        var (needsFinx, needsVault) = (!configuration.Has("Finx:BaseAddress"), !configuration.Has("Vaults:Addresses"));
        if (!needsFinx && !needsVault)
            return;

        var options = new SandboxOptions();
        _sandbox = await SandboxServer.StartAsync(options with
        {
            ClientId = configuration["Finx:ClientId"] ?? options.ClientId,
            ClientSecret = configuration["Finx:ClientSecret"] ?? options.ClientSecret,
        });
        Finx = needsFinx ? _sandbox : null;
        Vault = needsVault ? _sandbox : null;
    }

    private async Task StartTablesAsync(ConfigurationManager configuration)
    {
        if (!configuration.Has("Tables:ConnectionString") && !configuration.Has("Tables:Endpoint"))
            Tables = await Azurite.StartTablesAsync(configuration["Azurite:Folder"]);
    }

    private IEnumerable<KeyValuePair<string, string?>> Settings(ConfigurationManager configuration)
    {
        yield return new("RotationSchedule", "0 */5 * * * *");

        if (!configuration.Has("Links:AllowedReturnUris"))
        {
            yield return new("Links:AllowedReturnUris:0", "http://localhost/");
            yield return new("Links:AllowedReturnUris:1", "http://127.0.0.1/");
            yield return new("Links:AllowedReturnUris:2", "http://[::1]/");
        }
        if (Finx is { } finx)
        {
            yield return new("Finx:BaseAddress", finx.FinxAddress.ToString());
            yield return new("Finx:ClientId", finx.Options.ClientId);
            yield return new("Finx:ClientSecret", finx.Options.ClientSecret);
        }
        if (Vault is { } vault)
        {
            foreach (var (index, address) in vault.VaultAddresses.Index())
                yield return new($"Vaults:Addresses:{index}", address.ToString());
            yield return new("Vaults:PublicKeyThumbprint", vault.VaultPublicKeyThumbprint);
        }
        if (Tables is { } tables)
            yield return new("Tables:ConnectionString", tables.ConnectionString);
    }
}
