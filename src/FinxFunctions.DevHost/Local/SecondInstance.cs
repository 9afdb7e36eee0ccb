using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using FinxFunctions.Hosting;

namespace FinxFunctions.DevHost.Local;

/// <summary>Another instance of the app with the same services, as its own process. Its timer never runs.</summary>
public sealed class SecondInstance : IDisposable
{
    private const string Never = "0 0 0 30 2 *"; // 30 February
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(2);
    private static readonly string[] Sections = ["Finx", "Links", "Tables", "Vaults", "Callers", "Tokens", "Audit", "FunctionKey", "MasterKey"];

    private readonly Process _process;
    private readonly StringBuilder _output = new();
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
        _process.OutputDataReceived += (_, line) => ReadLine(line.Data);
        _process.ErrorDataReceived += (_, line) => ReadLine(line.Data);
        _process.Exited += (_, _) => _address.TrySetException(new StartUpException($"The other instance did not start. {_output}"));
    }

    public int ProcessId => _process.Id;

    public static async Task<SecondInstance> StartAsync(IConfiguration configuration, LocalServices local, CancellationToken cancellationToken)
    {
        var instance = new SecondInstance([.. Sections.SelectMany(section => configuration.GetSection(section).AsEnumerable()), .. Settings(local)]);
        instance._process.Start();
        instance._process.BeginOutputReadLine();
        instance._process.BeginErrorReadLine();
        try
        {
            instance._http.BaseAddress = await instance._address.Task.WaitAsync(StartTimeout, cancellationToken);
            instance._http.DefaultRequestHeaders.Add("x-functions-key", configuration["FunctionKey"] ?? configuration["MasterKey"] ?? "");
            return instance;
        }
        catch
        {
            instance.Dispose();
            throw;
        }
    }

    /// <summary>Asks the instance for a new token, as if finX had refused the current one.</summary>
    public async Task<HttpStatusCode> AskTokenAsync(string connectionId, int generation, CancellationToken cancellationToken)
    {
        var body = new Dictionary<string, int> { ["rejected_generation"] = generation };
        using var response = await _http.PostAsJsonAsync($"api/connections/{Uri.EscapeDataString(connectionId)}/token", body, cancellationToken);
        return response.StatusCode;
    }

    /// <summary>Kills the process with SIGKILL. None of its code runs after that.</summary>
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

    /// <summary>The same clock, the sandbox's managed identity to sign in to the vault, and a timer that never runs.</summary>
    private static IEnumerable<KeyValuePair<string, string?>> Settings(LocalServices local)
    {
        yield return new("RotationSchedule", Never);
        yield return new(ParentProcess.Setting, bool.TrueString);
        if (local.Finx is { } finx)
            yield return new(LocalServicesRegistration.ClockAhead, finx.Clock.Offset.ToString("c", CultureInfo.InvariantCulture));
        if (local.Vault is { } vault)
        {
            yield return new("AZURE_CLIENT_ID", Guid.Empty.ToString());
            yield return new("IDENTITY_ENDPOINT", vault.IdentityEndpoint.AbsoluteUri);
            yield return new("IDENTITY_HEADER", vault.IdentityHeader);
        }
    }

    private void ReadLine(string? line)
    {
        lock (_output)
            _output.AppendLine(line);
        if (line?.TrimStart() is { } text && text.StartsWith(StartMessage.AddressLabel, StringComparison.Ordinal))
            _address.TrySetResult(new Uri(text[StartMessage.AddressLabel.Length..].Trim()));
    }
}
