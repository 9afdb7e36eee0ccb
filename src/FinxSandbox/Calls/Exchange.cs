using System.Text;
using FinxSandbox.Faults;

namespace FinxSandbox.Calls;

/// <summary>
/// Handles every call: read it, find its fault, act, write the journal, answer.
/// Nothing is cancelled when the caller goes away, because a slow server would act, too.
/// </summary>
internal sealed class Exchange(Journal journal, FaultRules faults, SandboxClock clock, CancellationToken stopping)
{
    public async Task RunAsync(HttpContext context, string service, int? vault, Func<Call, Operation> routing)
    {
        var request = context.Request;
        var call = await Call.ReadAsync(context, new JournalEntry
        {
            At = clock.GetUtcNow(),
            RealAt = TimeProvider.System.GetUtcNow(),
            Service = service,
            Method = request.Method,
            Path = request.Path.Value ?? "",
            Query = request.QueryString.Value ?? "",
            ContentLength = request.ContentLength,
            Vault = vault,
        });
        var operation = routing(call);
        if (operation.IsAside)
        {
            await Act(call, operation).WriteAsync(context);
            return;
        }

        call.Entry = call.Entry with { Sequence = journal.NextSequence(), Operation = operation.Name };

        var answer = faults.Take(call.Entry) is { } fault ? await FailAsync(fault, call, operation) : Act(call, operation);

        journal.Add(call.Entry with { Status = answer?.Status });
        if (answer is null)
            context.Abort();
        else
            await answer.WriteAsync(context);
    }

    /// <returns>Null to drop the connection.</returns>
    private async Task<Answer?> FailAsync(ActiveFault fault, Call call, Operation operation)
    {
        call.Entry = call.Entry with { Fault = fault.Id };
        var rule = fault.Rule;
        await WaitAsync(rule.DelayBefore, rule.HoldBefore);

        var answer = rule.Kind switch
        {
            FaultKind.DropBefore => null,
            FaultKind.Refuse or FaultKind.Throttle or FaultKind.ServerError => FaultAnswer.InPlace(rule),
            _ => FaultAnswer.Distort(rule, Act(call, operation)),
        };

        await WaitAsync(rule.DelayAfter, rule.HoldAfter);
        return answer;
    }

    private async Task WaitAsync(TimeSpan delay, Task? hold)
    {
        if (delay > TimeSpan.Zero)
            await Task.Delay(delay, TimeProvider.System, stopping);
        if (hold is not null)
            await hold.WaitAsync(stopping);
    }

    private static Answer Act(Call call, Operation operation)
    {
        try
        {
            var answer = operation.Act(call);
            call.Entry = call.Entry with { Acted = true };
            return answer;
        }
        catch (Exception fault)
        {
            return new Answer(StatusCodes.Status500InternalServerError, Encoding.UTF8.GetBytes($"The sandbox failed: {fault}"), "text/plain; charset=utf-8");
        }
    }
}
