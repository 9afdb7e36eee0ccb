using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace FinxFunctions.DevHost.Surroundings;

/// <summary>Azure Storage in miniature, as a child process that ends with this one, however this one ends.</summary>
public sealed class Azurite : IAsyncDisposable
{
    private const string Account = "devstoreaccount1";
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly Dictionary<string, string> _addresses = [];
    private readonly StringBuilder _complaints = new();
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
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => _complaints.Append(line.Data);
        _process.Exited += (_, _) => Fail();
    }

    /// <summary>Reaches the tables.</summary>
    public string ConnectionString => ConnectionStringOf(Account);

    public string TableAddress => TableAddressOf(Account);

    /// <summary>Tables alone, on a free port, under a key of their own.</summary>
    /// <param name="folder">Where they are kept; null keeps them in memory.</param>
    /// <param name="more">Storage accounts beside the usual one.</param>
    public static async Task<Azurite> StartTablesAsync(string? folder, params IEnumerable<string> more)
    {
        var azurite = new Azurite(1, ["table", "--tablePort", "0", .. Persistence(folder)]) { _key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) };
        azurite._process.StartInfo.Environment["AZURITE_ACCOUNTS"] = string.Join(';', more.Prepend(Account).Select(account => $"{account}:{azurite._key}"));
        await azurite.StartAsync();
        return azurite;
    }

    /// <summary>Blobs, queues and tables on the ports that <c>UseDevelopmentStorage=true</c> means.</summary>
    /// <param name="folder">Where they are kept; null keeps them in memory.</param>
    public static async Task<Azurite> StartAllAsync(string? folder)
    {
        var azurite = new Azurite(3, ["all", .. Persistence(folder)]);
        await azurite.StartAsync();
        return azurite;
    }

    /// <summary>Reaches the tables of one of several accounts.</summary>
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
            throw new StartUpException("Azurite needs Node.js 20 or newer on the PATH. Install it, or set Tables__ConnectionString to a storage account that runs elsewhere.", missing);
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
            throw new StartUpException($"Azurite did not start within {StartTimeout.TotalMinutes:0} minutes; is the machine very busy? {_complaints}", late);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    // run.cjs prints a line for each service: TableServer http://127.0.0.1:43973
    private void Hear(string? line)
    {
        if (line?.Split(' ') is not [{ } service, { } address] || !service.EndsWith("Server", StringComparison.Ordinal))
            return;

        _addresses[service] = address;
        if (_addresses.Count == _services)
            _ready.TrySetResult();
    }

    private void Fail()
    {
        _process.WaitForExit(); // until the last line of stderr has been heard
        _ready.TrySetException(new StartUpException($"Azurite did not start. {_complaints}"));
    }
}
