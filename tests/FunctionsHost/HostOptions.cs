namespace FunctionsHost;

/// <summary>What a <see cref="WorkerHost"/> runs, and how.</summary>
public sealed record HostOptions
{
    /// <summary>The output folder of the built worker app, where worker.config.json and host.json are.</summary>
    public required string WorkerFolder { get; init; }

    /// <summary>The loopback port for HTTP; 0 takes any free one.</summary>
    public int Port { get; init; }

    /// <summary>The app settings. The worker gets them as environment variables, on top of those of this process.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>The host key that opens functions of the level Function.</summary>
    public string FunctionKey { get; init; } = Guid.NewGuid().ToString("N");

    /// <summary>The key that opens everything.</summary>
    public string MasterKey { get; init; } = Guid.NewGuid().ToString("N");

    /// <summary>False lets every caller in, as <c>func start</c> does without <c>--enableAuth</c>.</summary>
    public bool ChecksKeys { get; init; } = true;

    /// <summary>What AZURE_FUNCTIONS_ENVIRONMENT says, unless a setting does.</summary>
    public string Environment { get; init; } = "Production";

    public HostTimings Timings { get; init; } = new();

    /// <summary>Called with each line of the worker's output and of the host's own log as it comes.</summary>
    public Action<string>? OnLine { get; init; }

    /// <summary>False keeps no line, for a host that runs long and logs much.</summary>
    public bool KeepsLines { get; init; } = true;
}
