using FinxSandbox;

namespace FinxFunctions.DevHost.Surroundings;

/// <summary>
/// What the app needs around it and no setting names: finX, a key vault, table storage. Each is started in miniature, and the settings by
/// which the app finds it become defaults.
/// </summary>
public sealed class LocalSurroundings : IAsyncDisposable
{
    private SandboxServer? _sandbox;

    /// <summary>Null where finX is configured.</summary>
    public SandboxServer? Finx { get; private set; }

    /// <summary>Null where vaults are configured.</summary>
    public SandboxServer? Vault { get; private set; }

    /// <summary>Null where tables are configured.</summary>
    public Azurite? Tables { get; private set; }

    public static async Task<LocalSurroundings> StartAsync(ConfigurationManager configuration)
    {
        var surroundings = new LocalSurroundings();
        try
        {
            await Task.WhenAll(surroundings.StartSandboxAsync(configuration), surroundings.StartTablesAsync(configuration));
        }
        catch
        {
            await surroundings.DisposeAsync();
            throw;
        }
        configuration.AddDefaults(new(surroundings.Settings(configuration)));
        return surroundings;
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
