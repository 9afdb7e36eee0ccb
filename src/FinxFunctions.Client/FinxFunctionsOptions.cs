using Azure.Core;

namespace FinxFunctions.Client;

/// <summary>Where the service is, and how to be let in.</summary>
public sealed class FinxFunctionsOptions
{
    /// <summary>The function app's address, without <c>/api</c>: https, or http on a loopback host.</summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>A key of the function app, sent as <c>x-functions-key</c>.</summary>
    public string? FunctionKey { get; set; }

    /// <summary>Vouches for this caller where the service tells callers apart (<c>Callers__Mode=Entra</c>). Goes with <see cref="Scope"/>.</summary>
    public TokenCredential? Credential { get; set; }

    /// <summary>What to ask <see cref="Credential"/> for, such as <c>api://finx-functions/.default</c>.</summary>
    public string? Scope { get; set; }

    /// <summary>How long one try may take to begin its answer. A token may have to be waited for: by default for 45 seconds at most.</summary>
    public TimeSpan TryTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How often a read (GET) that met a passing failure is repeated; 0 for never. Nothing else is repeated.</summary>
    public int ReadRetries { get; set; } = 2;
}
