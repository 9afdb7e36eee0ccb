using System.Globalization;
using System.Text.RegularExpressions;

namespace FinxFunctions.Infra.Tests.Templates;

/// <summary>The app settings of a deployment, with what Azure would put in for the expressions that only Azure can resolve.</summary>
internal static partial class AppSettings
{
    public static IReadOnlyDictionary<string, string> Of(Deployment deployment) => deployment
        .Configuration("appsettings")["properties"]!.AsObject()
        .ToDictionary(setting => setting.Key, setting => Resolve(setting.Value!.GetValue<string>()));

    private static string Resolve(string value)
    {
        if (!value.StartsWith('['))
        {
            return value;
        }

        var known = Runtime().Replace(value, match => match.Groups["property"].Value switch
        {
            "suffixes.storage" => "'core.windows.net'",
            "suffixes.keyvaultDns" => "'.vault.azure.net'",
            "clientId" => "'00000000-0000-0000-0000-00000000c11e'",
            "ConnectionString" => "'InstrumentationKey=00000000-0000-0000-0000-000000000000;IngestionEndpoint=https://germanywestcentral-1.in.applicationinsights.azure.com/'",
            "defaultHostName" => "'func-finx.azurewebsites.net'",
            var property => throw new InvalidOperationException($"What is {property} in {value}?"),
        });
        var parts = Literal().Matches(known).Select(match => match.Groups[1].Value).ToArray();
        return string.Format(CultureInfo.InvariantCulture, parts[0], [.. parts.Skip(1)]);
    }

    [GeneratedRegex(@"(?:environment\(\)|reference\([^()]*(?:\([^()]*\)[^()]*)*\))\.(?<property>[\w.]+)")]
    private static partial Regex Runtime();

    [GeneratedRegex("'((?:[^']|'')*)'")]
    private static partial Regex Literal();
}
