using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Logging.Console;

namespace FinxFunctions.DevHost;

public static class DevHostDefaults
{
    public static void UseDevHostDefaults(this WebApplicationBuilder builder)
    {
        builder.Configuration.AddDefaults(new()
        {
            ["Tokens:RefusalPause"] = "00:00:02", // so that one can watch finX being asked again
            ["Logging:LogLevel:Microsoft"] = "Warning",
            ["Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host"] = "Critical", // Program.cs reports a failed start
            ["Logging:LogLevel:System.Net.Http"] = "Warning",
            ["Logging:LogLevel:Polly"] = "None",
            ["Logging:LogLevel:Azure"] = "Warning",
            ["Logging:Console:LogLevel:FinxFunctions.Audit"] = "None", // each record repeats another line
        });
        builder.Logging.AddConsole(console => console.FormatterName = PlainConsoleFormatter.FormatterName).AddConsoleFormatter<PlainConsoleFormatter, ConsoleFormatterOptions>();
    }

    /// <summary>Adds settings that every other source overrides: files, environment variables, the command line, tests.</summary>
    public static void AddDefaults(this IConfigurationBuilder configuration, Dictionary<string, string?> settings) =>
        configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = settings });
}
