using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;

namespace FinxFunctions.DevHost.Surroundings;

/// <summary>Another instance of the app in the same surroundings, as a process of its own, whose timer rests.</summary>
public sealed class SecondInstance : IDisposable
{
    private const string Never = "0 0 0 30 2 *"; // 30 February
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(2);
    private static readonly string[] Sections = ["Finx", "Links", "Tables", "Vaults", "Callers", "Tokens", "Audit", "FunctionKey"];

    private readonly Process _process;
    private readonly StringBuilder _said = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HttpClient _http = new();

    private SecondInstance(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        _process = new Process
        {
            EnableRaisingEvents = true,
            StartInfo = new("dotnet", ["exec", typeof(Program).Assembly.Location, "--urls", "http://127.0.0.1:0"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        foreach (var (name, value) in settings.Where(setting => setting.Value is not null))
            _process.StartInfo.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.Exited += (_, _) => _address.TrySetException(new StartUpException($"The other instance did not start. {_said}"));
    }

    public int ProcessId => _process.Id;

    public static async Task<SecondInstance> StartAsync(IConfiguration configuration, LocalSurroundings surroundings, CancellationToken cancellationToken)
    {
        var instance = new SecondInstance([.. Sections.SelectMany(section => configuration.GetSection(section).AsEnumerable()), .. Settings(surroundings)]);
        instance._process.Start();
        instance._process.BeginOutputReadLine();
        instance._process.BeginErrorReadLine();
        try
        {
            instance._http.BaseAddress = await instance._address.Task.WaitAsync(StartTimeout, cancellationToken);
            instance._http.DefaultRequestHeaders.Add("x-functions-key", configuration["FunctionKey"] ?? "");
            return instance;
        }
        catch
        {
            instance.Dispose();
            throw;
        }
    }

    /// <summary>Asks it for a token in place of one that finX is said to have refused.</summary>
    public async Task<HttpStatusCode> AskTokenAsync(string connectionId, int generation, CancellationToken cancellationToken)
    {
        var wish = new Dictionary<string, int> { ["rejected_generation"] = generation };
        using var answer = await _http.PostAsJsonAsync($"api/connections/{Uri.EscapeDataString(connectionId)}/token", wish, cancellationToken);
        return answer.StatusCode;
    }

    /// <summary>SIGKILL: not a line of its code runs after this.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
        _http.Dispose();
    }

    /// <summary>It lives by the same clock, signs in to the vault by the sandbox's managed identity, and leaves the timer to this instance.</summary>
    private static IEnumerable<KeyValuePair<string, string?>> Settings(LocalSurroundings surroundings)
    {
        yield return new("RotationSchedule", Never);
        yield return new(Parent.Setting, bool.TrueString);
        if (surroundings.Finx is { } finx)
            yield return new(SurroundingServices.ClockAhead, finx.Clock.Offset.ToString("c", CultureInfo.InvariantCulture));
        if (surroundings.Vault is { } vault)
        {
            yield return new("AZURE_CLIENT_ID", Guid.Empty.ToString());
            yield return new("IDENTITY_ENDPOINT", vault.IdentityEndpoint.AbsoluteUri);
            yield return new("IDENTITY_HEADER", vault.IdentityHeader);
        }
    }

    private void Hear(string? line)
    {
        lock (_said)
            _said.AppendLine(line);
        if (line?.TrimStart() is { } text && text.StartsWith(Welcome.Greeting, StringComparison.Ordinal))
            _address.TrySetResult(new Uri(text[Welcome.Greeting.Length..].Trim()));
    }
}
