using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using FinxFunctions.Hosting;

namespace FinxFunctions.DevHost.Local;

/// <summary>Azurite, the emulator of Azure Storage, as a child process. It ends with this process, however this one ends.</summary>
public sealed class Azurite : IAsyncDisposable
{
    private const string Account = "devstoreaccount1";
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly Dictionary<string, string> _addresses = [];
    private readonly StringBuilder _errors = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _services;
    private string _key = "";

    private Azurite(int services, string[] arguments)
    {
        _services = services;
        var folder = typeof(Azurite).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "AzuriteFolder").Value!;
        _process = new Process
        {
            EnableRaisingEvents = true,
            StartInfo = new("node", ["run.cjs", .. arguments, "--skipApiVersionCheck", "--silent", "--disableTelemetry"])
            {
                WorkingDirectory = folder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        _process.OutputDataReceived += (_, line) => ReadLine(line.Data);
        _process.ErrorDataReceived += (_, line) => _errors.Append(line.Data);
        _process.Exited += (_, _) => FailStart();
    }

    /// <summary>The connection string of the tables.</summary>
    public string ConnectionString => ConnectionStringOf(Account);

    public string TableAddress => TableAddressOf(Account);

    /// <summary>Starts the table service alone, on a free port, with a random key.</summary>
    /// <param name="folder">The folder for the data. Null for memory only.</param>
    /// <param name="accounts">Names of further storage accounts.</param>
    public static async Task<Azurite> StartTablesAsync(string? folder, params IEnumerable<string> accounts)
    {
        var azurite = new Azurite(1, ["table", "--tablePort", "0", .. Persistence(folder)]) { _key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) };
        azurite._process.StartInfo.Environment["AZURITE_ACCOUNTS"] = string.Join(';', accounts.Prepend(Account).Select(account => $"{account}:{azurite._key}"));
        await azurite.StartAsync();
        return azurite;
    }

    /// <summary>Starts blobs, queues and tables on the ports that <c>UseDevelopmentStorage=true</c> stands for.</summary>
    /// <param name="folder">The folder for the data. Null for memory only.</param>
    public static async Task<Azurite> StartAllAsync(string? folder)
    {
        var azurite = new Azurite(3, ["all", .. Persistence(folder)]);
        await azurite.StartAsync();
        return azurite;
    }

    /// <summary>The connection string of the tables of one account.</summary>
    public string ConnectionStringOf(string account) => $"DefaultEndpointsProtocol=http;AccountName={account};AccountKey={_key};TableEndpoint={TableAddressOf(account)};";

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(StopTimeout);
        }
        catch (TimeoutException)
        {
            _process.Kill();
        }
        _process.Dispose();
    }

    private string TableAddressOf(string account) => $"{_addresses["TableServer"]}/{account}";

    private static string[] Persistence(string? folder) => folder is null ? ["--inMemoryPersistence"] : ["--location", Path.GetFullPath(folder)];

    private async Task StartAsync()
    {
        try
        {
            _process.Start();
        }
        catch (Win32Exception missing)
        {
            throw new StartUpException("Azurite needs Node.js 20 or newer on the PATH. Install it, or set Tables__ConnectionString to another storage account.", missing);
        }
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        try
        {
            await _ready.Task.WaitAsync(StartTimeout);
        }
        catch (TimeoutException late)
        {
            await DisposeAsync();
            throw new StartUpException($"Azurite did not start within {StartTimeout.TotalMinutes:0} minutes; the machine may be very busy. {_errors}", late);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    // run.cjs prints a line for each service: TableServer http://127.0.0.1:43973
    private void ReadLine(string? line)
    {
        if (line?.Split(' ') is not [{ } service, { } address] || !service.EndsWith("Server", StringComparison.Ordinal))
            return;

        _addresses[service] = address;
        if (_addresses.Count == _services)
            _ready.TrySetResult();
    }

    private void FailStart()
    {
        _process.WaitForExit(); // until the last line of stderr has been read
        _ready.TrySetException(new StartUpException($"Azurite did not start. {_errors}"));
    }
}
