using System.Globalization;
using System.Text.Json;

namespace FunctionsHost;

/// <summary>What the program takes from its command line and from a local.settings.json.</summary>
internal static class ProgramOptions
{
    private const string Usage = """
        --worker <folder>        the output folder of the built worker app
        --port <port>            7071 unless given; 0 takes any free one
        --settings <file>        a local.settings.json; variables of the environment go before it
        --enableAuth             checks keys: those of the environment's FUNCTION_KEY and MASTER_KEY
        """;

    public static HostOptions Read(string[] args, Action<string> onLine)
    {
        Dictionary<string, string> given = [];
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--enableAuth")
                given[args[i]] = "";
            else if (args[i] is "--worker" or "--port" or "--settings" && i + 1 < args.Length)
                given[args[i]] = args[++i];
            else
                throw new ProgramOptionsException($"'{args[i]}' is not understood.\n{Usage}");
        }
        if (!given.TryGetValue("--worker", out var folder) || !File.Exists(Path.Combine(folder, "worker.config.json")))
            throw new ProgramOptionsException($"--worker names no folder with a worker.config.json.\n{Usage}");

        return new()
        {
            WorkerFolder = folder,
            Port = int.Parse(given.GetValueOrDefault("--port", "7071"), CultureInfo.InvariantCulture),
            Settings = given.TryGetValue("--settings", out var file) ? Settings(file) : new(),
            ChecksKeys = given.ContainsKey("--enableAuth"),
            FunctionKey = Variable("FUNCTION_KEY") ?? Guid.NewGuid().ToString("N"),
            MasterKey = Variable("MASTER_KEY") ?? Guid.NewGuid().ToString("N"),
            Environment = Variable("AZURE_FUNCTIONS_ENVIRONMENT") ?? "Development",
            OnLine = onLine,
            KeepsLines = false,
        };
    }

    private static Dictionary<string, string> Settings(string file)
    {
        using var settings = JsonDocument.Parse(File.ReadAllText(file));
        return settings.RootElement.GetProperty("Values").EnumerateObject()
            .Where(setting => Variable(setting.Name) is null)
            .ToDictionary(setting => setting.Name, setting => setting.Value.ToString());
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name);
}
