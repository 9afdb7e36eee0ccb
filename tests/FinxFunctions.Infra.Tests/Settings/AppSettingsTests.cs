using System.Collections;
using System.Reflection;
using FinxFunctions.Finx;
using FinxFunctions.Hosting;
using FinxFunctions.Infra.Tests.Templates;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FinxFunctions.Infra.Tests.Settings;

public sealed class AppSettingsTests(Deployments deployments)
{
    /// <summary>What the Functions host and the platform read.</summary>
    private static readonly string[] Platform =
    [
        "AzureWebJobsStorage__accountName",
        "AzureWebJobsStorage__credential",
        "AzureWebJobsStorage__clientId",
        "WEBSITE_AUTH_AAD_ALLOWED_TENANTS",
        "WEBSITE_AUTH_AAD_REQUIRE_CLIENT_SERVICE_PRINCIPAL",
    ];

    /// <summary>What our code reads and Azure needs not: a collector other than Azure Monitor.</summary>
    private static readonly string[] Elsewhere = ["OTEL_EXPORTER_OTLP_ENDPOINT"];

    [Fact]
    public void The_app_starts_with_what_is_set() => Assert.All(deployments.All, deployment =>
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(AppSettings.Of(deployment).Select(setting => KeyValuePair.Create(setting.Key.Replace("__", ":", StringComparison.Ordinal), (string?)Dereferenced(setting.Value))))
            .Build();
        using var provider = new ServiceCollection().AddLogging().AddFinxFunctions(configuration).BuildServiceProvider();

        provider.GetRequiredService<IStartupValidator>().Validate();
    });

    [Fact]
    public void What_production_is_given_is_what_the_app_gets()
    {
        var settings = AppSettings.Of(deployments.Prod);

        Assert.Equal(("https://finx.example.com", "finx-client"), (settings["Finx__BaseAddress"], settings["Finx__ClientId"]));
        Assert.Equal("https://banking.example.com/api/callback", settings["Links__CallbackAddress"]);
        Assert.Equal(
            ["https://www.example.com/banking", "https://app.example.com/banking"],
            settings.Where(setting => setting.Key.StartsWith("Links__AllowedReturnUris__", StringComparison.Ordinal)).OrderBy(setting => setting.Key).Select(setting => setting.Value));
    }

    [Fact]
    public void Without_an_address_of_its_own_the_callback_is_the_apps() => Assert.All([deployments.Dev, deployments.Azd], deployment => Assert.Equal(
        $"[format('https://{{0}}/api/callback', reference('{deployment.TheApp.Id}', '2025-03-01').defaultHostName)]",
        deployment.Configuration("appsettings").Text("properties.Links__CallbackAddress")));

    [Fact]
    public void Telemetry_goes_to_the_environments_own_component() => Assert.All(deployments.All, deployment => Assert.Equal(
        $"[reference('{Assert.Single(deployment.All("Microsoft.Insights/components")).Id}', '2020-02-02').ConnectionString]",
        deployment.Configuration("appsettings").Text("properties.APPLICATIONINSIGHTS_CONNECTION_STRING")));

    [Fact]
    public void No_setting_is_unread() => Assert.All(deployments.All, deployment => Assert.All(
        AppSettings.Of(deployment).Keys.Except(Platform),
        setting => Assert.True(IsOption(setting) || ReadByName.Contains(setting), $"Nothing reads {setting}.")));

    [Fact]
    public void No_setting_that_is_read_by_name_is_missing() => Assert.All(deployments.All, deployment => Assert.Empty(
        ReadByName.Except(Elsewhere).Except(AppSettings.Of(deployment).Keys)));

    [Fact]
    public void A_setting_whose_name_linux_does_not_allow_is_not_set() =>
        Assert.All(deployments.All, deployment => Assert.All(AppSettings.Of(deployment).Keys, name => Assert.Matches("^[A-Za-z0-9_.]+$", name)));

    /// <summary>The flat names in our own code: configuration, the host's bindings.</summary>
    private static IReadOnlyList<string> ReadByName { get; } =
    [
        .. SourceText.Matches(@"(?:[cC]onfiguration\[|IsSet\()""(\w+)""", Repository.Sources("src", "FinxFunctions")),
        .. SourceText.Matches(@"TimerTrigger\(""%(\w+)%""\)", Repository.Sources("src", "FinxFunctions")),
    ];

    /// <summary>What the platform hands the app in a Key Vault reference's place.</summary>
    private static string Dereferenced(string value) => value.StartsWith("@Microsoft.KeyVault(SecretUri=https://kv-", StringComparison.Ordinal) ? "a secret" : value;

    private static bool IsOption(string setting) => setting.Split("__") switch
    {
        [var section, var name] => Property(section, name) is { } property && !IsList(property),
        [var section, var name, var index] => int.TryParse(index, out _) && Property(section, name) is { } property && IsList(property),
        _ => false,
    };

    private static PropertyInfo? Property(string section, string name) => typeof(FinxOptions).Assembly.GetTypes()
        .FirstOrDefault(type => type.Name.EndsWith("Options", StringComparison.Ordinal) && type.GetField("Section")?.GetRawConstantValue() is string own && own == section)
        ?.GetProperty(name);

    private static bool IsList(PropertyInfo property) => property.PropertyType != typeof(string) && property.PropertyType.IsAssignableTo(typeof(IEnumerable));
}
