using FinxFunctions.StandIns;

namespace FinxFunctions.Simulation.Tests.Staging;

/// <summary>A process's network: every call takes a moment and fails as the script says.</summary>
internal sealed class ScriptedNetwork(World world, SimulatedProcess host, Script script) : Network
{
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(5);

    public override Task<T> CallAsync<T>(ServiceCall call, Func<T> act) => Send(call, act, () => { }).Task;

    public override Task<HttpResponseMessage> ExchangeAsync(ServiceCall call, Func<HttpResponseMessage> act, Action arrived, CancellationToken cancellationToken)
    {
        var sent = Send(call, act, arrived);
        cancellationToken.Register(() => sent.TrySetCanceled(cancellationToken));
        return sent.Task;
    }

    // Not an async method: what it returns must complete on the loop, outside of any task.
    private TaskCompletionSource<T> Send<T>(ServiceCall call, Func<T> act, Action arrived)
    {
        var fault = script.Next(call);
        var sent = new TaskCompletionSource<T>();
        world.After(Latency, null, () =>
        {
            if (fault?.Meanwhile is { } meanwhile)
            {
                meanwhile().ContinueWith(_ => world.After(TimeSpan.Zero, null, Arrive), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
            else
            {
                Arrive();
            }
        });
        return sent;

        void Arrive()
        {
            Func<T> outcome = fault?.Answer is { } answer ? () => (T)(object)answer() : () => throw fault!.Failure!;
            for (var times = 0; times < (fault?.Acts ?? 1); times++)
            {
                outcome = Outcome();
            }

            if (fault?.Failure is { } failure)
            {
                outcome = () => throw failure;
            }

            if (fault is { IsFatal: true })
            {
                host.Die();
                return;
            }

            world.After(Latency + (fault?.Delay ?? TimeSpan.Zero), host, () =>
            {
                try
                {
                    var value = outcome();
                    arrived();
                    sent.TrySetResult(value);
                }
                catch (Exception exception)
                {
                    sent.TrySetException(exception);
                }
            });
        }

        Func<T> Outcome()
        {
            try
            {
                var value = act();
                return () => value;
            }
            catch (Azure.RequestFailedException refusal)
            {
                return () => throw refusal;
            }
        }
    }
}
