using System.Text;
using FinxSandbox.Faults;
using Microsoft.AspNetCore.Http.Features;

namespace FinxSandbox.Calls;

/// <summary>
/// Handles every call: read it, find its fault, act, write the journal, answer.
/// Nothing is cancelled when the caller goes away, because a slow server would act, too.
/// </summary>
/// <param name="finxClock">finX's clock, which may be wrong.</param>
internal sealed class Exchange(Journal journal, FaultRules faults, SandboxClock clock, TimeProvider finxClock, CancellationToken stopping)
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
            CallOnConnection = context.Features.GetRequiredFeature<Door>().CallsSoFar,
        });
        var operation = routing(call);
        if (operation.IsAside)
        {
            await Act(call, operation).WriteAsync(context);
            return;
        }

        call.Entry = call.Entry with { Sequence = journal.NextSequence(), Operation = operation.Name };

        var fault = faults.Take(call);
        var answer = fault is not null ? await FailAsync(fault, call, operation) : Act(call, operation);

        journal.Add(call.Entry with { Status = answer?.Status });
        if (answer is not null)
            await (service == "finx" ? Dated(answer) : answer).WriteAsync(context);
        if (fault is { } silent && (call.Entry.Silent || answer is { Stalls: true }))
            await WaitSilentAsync(context, silent);
        if (answer is null or { Stalls: true })
            context.Abort();
    }

    /// <returns>Null where there is none, and the connection is dropped.</returns>
    private async Task<Answer?> FailAsync(ActiveFault fault, Call call, Operation operation)
    {
        var rule = fault.Rule;
        call.Entry = call.Entry with { Fault = fault.Id, FaultKind = rule.Kind, OddAnswer = rule.Odd, Silent = rule.Kind is FaultKind.Silence };
        await WaitAsync(rule.DelayBefore, rule.HoldBefore);

        var right = FaultAnswer.Acts(rule) ? Act(call, operation) : null;
        var answer = FaultAnswer.Of(rule, call, operation, right, finxClock.GetUtcNow());

        if (!call.Entry.Silent)
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

    /// <summary>Waits until the caller has gone, the rule is removed, its delay is over or the sandbox ends.</summary>
    private async Task WaitSilentAsync(HttpContext context, ActiveFault fault)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        var limit = fault.Rule.DelayAfter > TimeSpan.Zero ? fault.Rule.DelayAfter : Timeout.InfiniteTimeSpan;
        await fault.Removed.WaitAsync(limit, TimeProvider.System, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private Answer Dated(Answer answer) =>
        answer.Headers.Any(header => header.Key.Equals("Date", StringComparison.OrdinalIgnoreCase)) ? answer : answer.With("Date", FaultAnswer.HttpDate(finxClock.GetUtcNow()));

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
