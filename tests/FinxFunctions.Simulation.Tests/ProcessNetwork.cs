using System.Net;
using Azure;
using FinxFunctions.StandIns;

namespace FinxFunctions.Simulation.Tests;

/// <summary>A process's network: every call takes time and may have a fault.</summary>
internal sealed class ProcessNetwork(World world, SimulatedProcess host, FaultPlan faults, InvariantChecker checker) : Network
{
    /// <summary>As in the configuration of the Azure clients.</summary>
    private static readonly TimeSpan Backoff = TimeSpan.FromMilliseconds(200);

    public override async Task<T> CallAsync<T>(ServiceCall call, Func<T> act)
    {
        checker.Called(call, Flow.Current);
        List<Exception> failures = [];
        while (true)
        {
            var sent = new TaskCompletionSource<T>();
            Send(call, act, sent);
            try
            {
                return await sent.Task;
            }
            catch (Exception exception) when (exception is RequestFailedException { Status: 0 or 503 } or TaskCanceledException)
            {
                failures.Add(exception);
                if (failures.Count == SdkFailure.Tries)
                {
                    throw exception is RequestFailedException { Status: 503 } ? exception : SdkFailure.After(failures);
                }
            }

            await Task.Delay(Backoff * Math.Pow(2, failures.Count - 1), host.Clock);
        }
    }

    // Not an async method: what it returns must complete on the loop, outside of any task.
    public override Task<HttpResponseMessage> ExchangeAsync(ServiceCall call, Func<HttpResponseMessage> act, Action arrived, CancellationToken cancellationToken)
    {
        checker.Called(call, Flow.Current);
        var flow = Flow.Current;
        var sent = new TaskCompletionSource<HttpResponseMessage>();
        cancellationToken.Register(() => sent.TrySetCanceled(cancellationToken));
        world.After(faults.Latency(call), null, () =>
        {
            switch (Strike(call))
            {
                case Fault.Unreachable:
                    Fail(new HttpRequestException(HttpRequestError.ConnectionError, "No connection."));
                    break;
                case Fault.Busy:
                    Answer(new HttpResponseMessage(HttpStatusCode.TooManyRequests));
                    break;
                case Fault.Failed:
                    Answer(new HttpResponseMessage(HttpStatusCode.InternalServerError));
                    break;
                case Fault.FailedLate:
                    act();
                    Answer(new HttpResponseMessage(HttpStatusCode.BadGateway));
                    break;
                case Fault.RequestLost:
                    Fail(new HttpRequestException(HttpRequestError.ResponseEnded, "The connection broke."));
                    break;
                case Fault.AnswerLost:
                    act();
                    Fail(new HttpRequestException(HttpRequestError.ResponseEnded, "The connection broke."));
                    break;
                case Fault.AnswerSlow:
                    var late = act();
                    world.After(Slowly(), null, () => Answer(late));
                    break;
                case Fault.RequestSlow:
                    world.After(Slowly(), null, () => Answer(act()));
                    break;
                case Fault.CrashBefore:
                    host.Die();
                    break;
                case Fault.CrashAfter:
                    act();
                    host.Die();
                    break;
                case Fault.Freeze:
                    var result = act();
                    checker.Frozen(host, faults.RandomOf(call.ConnectionId));
                    Answer(result);
                    break;
                default:
                    Answer(act());
                    break;
            }
        });
        return sent.Task;

        TimeSpan Slowly() => faults.RandomOf(call.ConnectionId).Span(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(60));

        void Fail(Exception exception) => world.After(faults.Latency(call), host, () => sent.TrySetException(exception));

        void Answer(HttpResponseMessage answer) => world.After(faults.Latency(call), host, () =>
        {
            if (sent.Task.IsCompleted)
            {
                return;
            }

            arrived();
            if (call.Operation == "token" && answer.IsSuccessStatusCode)
            {
                flow?.JustAnswered.Add(call.ConnectionId);
            }

            checker.Answered(call, (int)answer.StatusCode, host);
            sent.SetResult(answer);
        });
    }

    private void Send<T>(ServiceCall call, Func<T> act, TaskCompletionSource<T> sent) => world.After(faults.Latency(call), null, () =>
    {
        switch (Strike(call))
        {
            case Fault.Unreachable:
                Answer(faults.Latency(call), () => throw SdkFailure.Refused());
                break;
            case Fault.RequestLost:
                Answer(faults.Latency(call), () => throw SdkFailure.Reset());
                break;
            case Fault.Silent:
                Answer(SdkFailure.NetworkTimeout, () => throw SdkFailure.NoAnswer());
                break;
            case Fault.Busy:
                Answer(faults.Latency(call), () => throw new RequestFailedException(503, "Busy."));
                break;
            case Fault.AnswerLost:
                Outcome();
                Answer(faults.Latency(call), () => throw SdkFailure.Reset());
                break;
            case Fault.AnswerSlow:
                Outcome();
                Answer(SdkFailure.NetworkTimeout, () => throw SdkFailure.NoAnswer());
                break;
            case Fault.CrashBefore:
                host.Die();
                break;
            case Fault.CrashAfter:
                Outcome();
                host.Die();
                break;
            case Fault.Freeze:
                var outcome = Outcome();
                checker.Frozen(host, faults.RandomOf(call.ConnectionId));
                Answer(faults.Latency(call), outcome);
                break;
            default:
                Answer(faults.Latency(call), Outcome());
                break;
        }

        Func<T> Outcome()
        {
            checker.Writer = host;
            try
            {
                var value = act();
                return () => value;
            }
            catch (RequestFailedException refusal)
            {
                return () => throw refusal;
            }
        }

        void Answer(TimeSpan after, Func<T> outcome) => world.After(after, host, () =>
        {
            try
            {
                sent.SetResult(outcome());
            }
            catch (Exception exception) when (exception is RequestFailedException or TaskCanceledException)
            {
                sent.SetException(exception);
            }
        });
    });

    private Fault Strike(ServiceCall call)
    {
        var fault = host.IsDead ? Fault.None : faults.Strike(call, world.Now);
        checker.Struck(call, fault, host);
        return fault;
    }
}
