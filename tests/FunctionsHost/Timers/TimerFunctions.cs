using System.Text.Json;
using FunctionsHost.Functions;
using FunctionsHost.Rpc;
using FunctionsHost.Workers;

namespace FunctionsHost.Timers;

/// <summary>
/// Runs timer functions on their schedules, none of them twice at once, and now when told to: as in the Functions host, such a run does not wait
/// for one on schedule.
/// </summary>
internal sealed class TimerFunctions(HostOptions options, WorkerSupervisor workers, Transcript log) : IAsyncDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    /// <summary>One whose schedule cannot be read is named in the log, and the others are served.</summary>
    public void Start(IEnumerable<HostFunction> functions)
    {
        List<Task> loops = [];
        foreach (var function in functions.Where(function => function.IsTimer))
        {
            try
            {
                loops.Add(RunOnScheduleAsync(function.Name, TimerSchedule.Parse(function.Schedule, options.Settings)));
            }
            catch (TimerIndexingException exception)
            {
                log.Add($"Error: error indexing method 'Functions.{function.Name}'. {exception.Message}");
            }
        }
        _running = Task.WhenAll(loops);
    }

    public Task RunNowAsync(HostFunction function) => InvokeAsync(function, null);

    /// <summary>No schedule fires any more; what runs goes on.</summary>
    public void Stop() => _stopping.Cancel();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
    }

    private async Task RunOnScheduleAsync(string name, TimerSchedule schedule)
    {
        try
        {
            var last = default(DateTime);
            var next = schedule.Next(DateTime.UtcNow);
            while (true)
            {
                for (var wait = next - DateTime.UtcNow; wait > TimeSpan.Zero; wait = next - DateTime.UtcNow)
                    await Task.Delay(wait < LongestWait ? wait : LongestWait, _stopping.Token);

                var worker = await workers.NextAsync().WaitAsync(_stopping.Token);
                var function = worker.Functions.First(function => function.Name == name);
                await InvokeAsync(function, function.UsesMonitor && !schedule.IsFast(next) ? new { Last = last, Next = next, LastUpdated = last } : null);
                last = next;
                next = schedule.Next(DateTime.UtcNow);
                _stopping.Token.ThrowIfCancellationRequested();
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or WorkerStartException)
        {
            // The host stops, or has no worker any more.
        }
    }

    private async Task InvokeAsync(HostFunction function, object? status)
    {
        if (workers.Current is not { } worker)
            return;

        var timer = new TypedData { Json = JsonSerializer.Serialize(new { Schedule = new { AdjustForDST = true }, ScheduleStatus = status, IsPastDue = false }) };
        var request = new InvocationRequest
        {
            InvocationId = Guid.NewGuid().ToString(),
            FunctionId = function.Id,
            InputData = { new ParameterBinding { Name = function.Parameter, Data = timer } },
            TriggerMetadata = { ["TimerTrigger"] = timer },
            TraceContext = new(),
        };
        log.Add($"Information: executing 'Functions.{function.Name}' (Id={request.InvocationId})");
        try
        {
            var response = await worker.Channel.InvokeAsync(request, CancellationToken.None);
            log.Add($"Information: executed 'Functions.{function.Name}' ({Outcome(response.Result)}, Id={request.InvocationId})");
        }
        catch (WorkerGoneException gone)
        {
            log.Add($"Error: executed 'Functions.{function.Name}' (Failed, Id={request.InvocationId}): {gone.Message}");
        }
    }

    private static string Outcome(StatusResult result) => result.Status switch
    {
        StatusResult.Types.Status.Success => "Succeeded",
        _ => $"Failed: {result.Exception?.Type} {result.Exception?.Message}",
    };
}
