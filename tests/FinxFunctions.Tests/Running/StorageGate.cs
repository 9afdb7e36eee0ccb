using System.Net;
using System.Net.Sockets;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;

namespace FinxFunctions.Tests.Running;

/// <summary>Stands between one app and its tables. It counts the calls, and blocks them while it is shut.</summary>
public sealed class StorageGate : HttpPipelineSynchronousPolicy
{
    private volatile bool _isShut;
    private volatile bool _isBroken;
    private volatile Func<Request, bool>? _isSilenced;
    private int _silentPort;
    private int _calls;

    public int Calls => _calls;

    /// <summary>Registers the tables behind this gate with the app's services.</summary>
    public void Guard(IServiceCollection services, World world)
    {
        var options = new TableClientOptions { Retry = { MaxRetries = _silentPort == 0 ? 0 : 1, NetworkTimeout = TimeSpan.FromSeconds(_silentPort == 0 ? 10 : 2) } };
        options.AddPolicy(this, HttpPipelinePosition.PerCall);
        services.AddSingleton(new TableServiceClient(world.Tables, options));
    }

    /// <summary>Has a socket that nobody serves ready for the calls of <see cref="Silence"/>. Before the app starts.</summary>
    public StorageGate WithSilence(TcpListener silent)
    {
        silent.Start();
        _silentPort = ((IPEndPoint)silent.LocalEndpoint).Port;
        return this;
    }

    /// <summary>The next call that matches gets no answer, in none of its tries.</summary>
    public void Silence(Func<Request, bool> call) => _isSilenced = call;

    public void Shut() => _isShut = true;

    public void Open() => _isShut = false;

    /// <summary>Every call fails with what is no fault of a store.</summary>
    public void Break() => _isBroken = true;

    public override void OnSendingRequest(HttpMessage message)
    {
        Interlocked.Increment(ref _calls);
        if (_isShut)
        {
            throw new RequestFailedException(503, "The gate is shut.");
        }

        if (_isBroken)
        {
            throw new InsufficientMemoryException("The process is short of memory.");
        }

        if (_isSilenced?.Invoke(message.Request) is true)
        {
            _isSilenced = null;
            (message.Request.Uri.Host, message.Request.Uri.Port) = ("127.0.0.1", _silentPort);
        }
    }
}
