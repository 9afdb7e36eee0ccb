using System.Text.Json.Nodes;
using FinxFunctions.Hosting;
using FinxSandbox;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace FinxFunctions.Tests.Composition;

/// <summary>Settings bind. A wrong setting stops the start with a message that names it.</summary>
public class SettingsTests
{
    /// <summary>Read by the Functions host, by Azure.Identity, or by name.</summary>
    private static readonly string[] OfTheHost = ["AzureWebJobsStorage", "FUNCTIONS_WORKER_RUNTIME", "RotationSchedule", "IDENTITY_ENDPOINT", "IDENTITY_HEADER", "AZURE_CLIENT_ID"];

    [Fact]
    public void The_sample_binds_and_is_valid() => Validate(Sample());

    [Fact]
    public void No_key_of_the_sample_is_unread()
    {
        var known = Setting.All.Select(setting => setting.Name).Concat(OfTheHost).ToList();

        Assert.All(Sample().Keys, key => Assert.Contains(known, name => key == name || key.StartsWith(name + "__", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_samples_thumbprint_is_that_of_the_vault_which_services_only_starts()
    {
        await using var sandbox = await SandboxServer.StartAsync(new() { CertificateKeyPhrase = "FinxSandbox" }, TestContext.Current.CancellationToken);

        Assert.Equal(sandbox.VaultPublicKeyThumbprint, Sample()["Vaults__PublicKeyThumbprint"]);
    }

    [Theory]
    [InlineData("Finx__BaseAddress", null)]
    [InlineData("Finx__BaseAddress", "http://api.finx.test")]
    [InlineData("Finx__BaseAddress", "finx")]
    [InlineData("Finx__BaseAddress", "https://user@api.finx.test")]
    [InlineData("Finx__BaseAddress", "https://api.finx.test/?x=1")]
    [InlineData("Finx__ClientId", null)]
    [InlineData("Finx__ClientId", "")]
    [InlineData("Finx__ClientSecret", null)]
    [InlineData("Finx__ClientSecret", "@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/finx-client-secret)")] // as App Service leaves it
    [InlineData("Finx__TokenTimeout", "00:00:00")]
    [InlineData("Finx__TokenTimeout", "00:02:00")]
    [InlineData("Finx__TokenTimeout", "soon")]
    [InlineData("Finx__DataTimeout", "-00:00:01")]
    [InlineData("Finx__RefreshTokenLifetime", "00:00:00")]
    [InlineData("Finx__ConsentLifetime", "00:00:00")]
    [InlineData("Finx__Revocation", "Perhaps")]
    [InlineData("Links__CallbackAddress", null)]
    [InlineData("Links__CallbackAddress", "http://app.test/api/callback")]
    [InlineData("Links__CallbackAddress", "/api/callback")]
    [InlineData("Links__CallbackAddress", "https://app.test/api/callback#x")]
    [InlineData("Links__AllowedReturnUris__0", null)]
    [InlineData("Links__AllowedReturnUris__0", "http://app.test/")]
    [InlineData("Links__AllowedReturnUris__0", "app.test")]
    [InlineData("Links__AllowedReturnUris__0", "https://*.app.test/?")]
    [InlineData("Links__Lifetime", "00:00:01")]
    [InlineData("Links__Languages", "")]
    [InlineData("Links__Languages", "de;en")]
    [InlineData("Tables__ConnectionString", null)]
    [InlineData("Vaults__Addresses__0", null)]
    [InlineData("Vaults__Addresses__0", "http://vault.test/")]
    [InlineData("Vaults__Addresses__0", "vault")]
    [InlineData("Tokens__Lease", "00:00:30")] // less than twice the token timeout
    [InlineData("Tokens__CacheMegabytes", "0")]
    [InlineData("Tokens__Replays", "-1")]
    [InlineData("Tokens__Replays", "one")]
    [InlineData("Tokens__RotateAfter", "1")]
    [InlineData("Tokens__RotateJitter", "0.6")]
    [InlineData("Tokens__TickConcurrency", "0")]
    [InlineData("Tokens__TickRefreshesPerSecond", "0")]
    [InlineData("Callers__Mode", "Nobody")]
    [InlineData("RotationSchedule", null)]
    [InlineData("RotationSchedule", "")]
    [InlineData("RotationSchedule", " ")]
    [InlineData("RotationSchedule", "hourly")]
    [InlineData("RotationSchedule", "0 */5 * * *  * *")]
    [InlineData("RotationSchedule", "0 61 * * * *")]
    [InlineData("RotationSchedule", "00:05:00")]
    public void A_wrong_setting_stops_the_start_and_is_named(string name, string? value)
    {
        var settings = Sample();
        settings[name] = value;

        var refusal = Assert.ThrowsAny<Exception>(() => Validate(settings));

        // The message may name a list as a whole.
        Assert.Contains(string.Join("__", name.Split("__").Take(2)), refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0 */5 * * * *")]
    [InlineData("*/5 * * * *")]
    [InlineData("0 0 0 * * MON-FRI")]
    public void A_schedule_of_six_fields_or_of_five_is_valid(string schedule)
    {
        var settings = Sample();
        settings["RotationSchedule"] = schedule;

        Validate(settings);
    }

    [Fact]
    public void A_value_of_the_wrong_type_is_reported_with_all_other_wrong_settings_of_its_section()
    {
        var settings = Sample();
        settings["Tokens__Replays"] = "one";
        settings["Tokens__Lease"] = "soon";
        settings["Tokens__RotateAfter"] = "2";

        var refusal = Assert.Throws<OptionsValidationException>(() => Validate(settings));

        Assert.Equal(
            [
                "RotateAfter: The field Tokens__RotateAfter must be between 0.01 and 0.9.",
                "Tokens__Lease: 'soon' is not a duration, such as 00:01:30 or 90.00:00:00.",
                "Tokens__Replays: 'one' is not a whole number.",
            ],
            refusal.Failures.Order());
    }

    [Fact]
    public async Task Wrong_settings_of_several_sections_are_reported_together()
    {
        var settings = Sample();
        settings["Tokens__CacheMegabytes"] = "0";
        settings["Finx__TokenTimeout"] = "00:02:00";
        settings["Links__Lifetime"] = "00:00:01";
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddFinxFunctions(Configuration(settings));

        using var host = builder.Build();
        var refusal = await Assert.ThrowsAsync<AggregateException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.All(["Tokens__CacheMegabytes", "Finx__TokenTimeout", "Links__Lifetime"], name => Assert.Contains(name, refusal.Message, StringComparison.Ordinal));
    }

    private static Dictionary<string, string?> Sample() =>
        JsonNode.Parse(File.ReadAllText(Repository.PathOf("local.settings.sample.json")))!["Values"]!.AsObject().ToDictionary(value => value.Key, value => (string?)value.Value!.GetValue<string>());

    private static void Validate(Dictionary<string, string?> settings)
    {
        using var services = new ServiceCollection().AddLogging().AddFinxFunctions(Configuration(settings)).BuildServiceProvider();
        services.GetRequiredService<IStartupValidator>().Validate();
    }

    private static IConfiguration Configuration(Dictionary<string, string?> settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Where(setting => setting.Value is not null).Select(setting => KeyValuePair.Create(setting.Key.Replace("__", ":", StringComparison.Ordinal), setting.Value)))
        .Build();
}
