using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FinxFunctions.DevHost.Local;
using FinxSandbox;

namespace FinxFunctions.Benchmarks.Hosts;

/// <summary>The services that a host needs: finX, Key Vault and a telemetry collector in this process, tables in Azurite.</summary>
internal sealed class Surroundings : IAsyncDisposable
{
    public const string ReturnUri = "http://localhost/done";

    private readonly Collector _collector;

    private Surroundings(SandboxServer sandbox, Azurite tables, Collector collector) => (Sandbox, Tables, _collector) = (sandbox, tables, collector);

    public SandboxServer Sandbox { get; }

    public Azurite Tables { get; }

    public static async Task<Surroundings> StartAsync()
    {
        var tables = await Azurite.StartTablesAsync(folder: null);
        var sandbox = await SandboxServer.StartAsync(new SandboxOptions { JournalCapacity = 20_000, VaultThrottling = false });
        return new Surroundings(sandbox, tables, await Collector.StartAsync());
    }

    public Dictionary<string, string?> Settings()
    {
        Dictionary<string, string?> settings = new()
        {
            ["Finx:BaseAddress"] = Sandbox.FinxAddress.AbsoluteUri,
            ["Finx:ClientId"] = Sandbox.Options.ClientId,
            ["Finx:ClientSecret"] = Sandbox.Options.ClientSecret,
            ["Links:CallbackAddress"] = "http://localhost/api/callback",
            ["Links:AllowedReturnUris:0"] = "http://localhost/",
            ["Tables:ConnectionString"] = Tables.ConnectionString,
            ["Vaults:PublicKeyThumbprint"] = Sandbox.VaultPublicKeyThumbprint,
            ["RotationSchedule"] = "0 0 0 30 2 *", // never: no tick disturbs a measurement
            ["AZURE_CLIENT_ID"] = "9a5cbf5c-3f3b-4a0c-8f5e-0d6a4f3a9b10",
            ["IDENTITY_ENDPOINT"] = Sandbox.IdentityEndpoint.AbsoluteUri,
            ["IDENTITY_HEADER"] = Sandbox.IdentityHeader,
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _collector.Address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        };
        foreach (var (index, address) in Sandbox.VaultAddresses.Index())
            settings[string.Create(CultureInfo.InvariantCulture, $"Vaults:Addresses:{index}")] = address.AbsoluteUri;
        return settings;
    }

    /// <summary>Connects a bank through a host.</summary>
    /// <returns>The id of the connection.</returns>
    public async Task<string> ConnectAsync(HostProcess host)
    {
        using var made = await host.Http.PostAsJsonAsync("/api/links", new JsonObject { ["user_id"] = "user-1", ["return_uri"] = ReturnUri });
        var link = await made.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>();
        var back = Sandbox.Finish(link!["flow_id"]!.GetValue<string>())!;
        using var returned = await host.Http.GetAsync(back.PathAndQuery);
        return returned.StatusCode is HttpStatusCode.SeeOther ? link["connection_id"]!.GetValue<string>() : throw new InvalidOperationException($"The callback answered {returned.StatusCode}.");
    }

    public async ValueTask DisposeAsync()
    {
        await _collector.DisposeAsync();
        await Sandbox.DisposeAsync();
        await Tables.DisposeAsync();
    }
}
