using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Logging.Console;

namespace FinxFunctions.DevHost;

public static class DevHostDefaults
{
    public static void UseDevHostDefaults(this WebApplicationBuilder builder)
    {
        builder.Configuration.AddDefaults(new()
        {
            ["Logging:LogLevel:Microsoft"] = "Warning",
            ["Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host"] = "Critical", // what stops the start is said by Refusal
            ["Logging:LogLevel:System.Net.Http"] = "Warning",
            ["Logging:LogLevel:Polly"] = "None",
            ["Logging:LogLevel:Azure"] = "Warning",
            ["Logging:Console:LogLevel:FinxFunctions.Audit"] = "None", // each record repeats what another line says
        });
        builder.Logging.AddConsole(console => console.FormatterName = WordsFormatter.FormatterName).AddConsoleFormatter<WordsFormatter, ConsoleFormatterOptions>();
    }

    /// <summary>Adds settings that anything else overrides: files, environment variables, the command line, tests.</summary>
    public static void AddDefaults(this IConfigurationBuilder configuration, Dictionary<string, string?> settings) =>
        configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = settings });
}
