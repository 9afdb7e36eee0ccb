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
    private int _calls;

    public int Calls => _calls;

    /// <summary>Registers the tables behind this gate with the app's services.</summary>
    public void Guard(IServiceCollection services, World world)
    {
        var options = new TableClientOptions { Retry = { MaxRetries = 0 } };
        options.AddPolicy(this, HttpPipelinePosition.PerCall);
        services.AddSingleton(new TableServiceClient(world.Tables, options));
    }

    public void Shut() => _isShut = true;

    public void Open() => _isShut = false;

    public override void OnSendingRequest(HttpMessage message)
    {
        Interlocked.Increment(ref _calls);
        if (_isShut)
        {
            throw new RequestFailedException(503, "The gate is shut.");
        }
    }
}
