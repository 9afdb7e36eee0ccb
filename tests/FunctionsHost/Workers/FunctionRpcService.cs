using System.Collections.Concurrent;
using FunctionsHost.Rpc;
using Grpc.Core;

namespace FunctionsHost.Workers;

/// <summary>Takes the calls of workers: each says in its first message which it is.</summary>
internal sealed class FunctionRpcService(ConcurrentDictionary<string, WorkerChannel> channels) : FunctionRpc.FunctionRpcBase
{
    public override async Task EventStream(IAsyncStreamReader<StreamingMessage> requestStream, IServerStreamWriter<StreamingMessage> responseStream, ServerCallContext context)
    {
        try
        {
            if (await requestStream.MoveNext(context.CancellationToken) && channels.TryGetValue(requestStream.Current.StartStream?.WorkerId ?? "", out var channel))
                await channel.RunAsync(requestStream, responseStream, context.CancellationToken);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The worker has gone. Its process tells how.
        }
    }
}
