using System.Globalization;
using System.Text;
using System.Text.Json;
using FinxSandbox.Calls;
using FinxSandbox.Faults;
using FinxSandbox.Faults.Odd;

namespace FinxSandbox.Control;

/// <summary>The sandbox's own API under <c>/sandbox</c>, for tests and people. Without journal and faults.</summary>
internal sealed class ControlApi(SandboxServer server)
{
    /// <returns>Null for a call of another API.</returns>
    public Operation? Route(Call call) => call.Path is [] or ["sandbox", ..] ? new Operation("sandbox", Act) { IsAside = true } : null;

    private Answer Act(Call call)
    {
        try
        {
            return Dispatch(call);
        }
        catch (Exception fault) when (fault is JsonException or ArgumentException)
        {
            return Problem(StatusCodes.Status400BadRequest, fault.Message);
        }
    }

    private Answer Dispatch(Call call) => (call.Method, call.Path) switch
    {
        ("GET", []) => IndexPage.Of(server),
        ("GET", ["sandbox", "clock"]) => Clock(),
        ("POST", ["sandbox", "clock"]) => SetClock(ControlJson.Read<ClockChange>(call.Body)),
        ("GET", ["sandbox", "faults"]) => Ok(new FaultListBody([.. server.Faults.Active.Select(Show)])),
        ("POST", ["sandbox", "faults"]) => ControlJson.Answer(StatusCodes.Status201Created, Show(server.Faults.Add(ControlJson.Read<FaultRule>(call.Body)))),
        ("DELETE", ["sandbox", "faults"]) => Done(server.Faults.Clear),
        ("DELETE", ["sandbox", "faults", var id]) => server.Faults.Remove(id) ? Answer.Empty(StatusCodes.Status204NoContent) : Unknown(),
        ("GET", ["sandbox", "answers"]) => Ok(new OddAnswerListBody([.. OddAnswer.All.Values.Select(odd => new OddAnswerBody(odd.Name, odd.IsMadeOfRight))])),
        ("DELETE", ["sandbox", "vaults", var vault, "secrets", var name]) when Vault(vault) is { } index =>
            server.LoseSecret(index, name, call.Query("purge") is "true") ? Answer.Empty(StatusCodes.Status204NoContent) : Unknown(),
        ("POST", ["sandbox", "vaults", var vault, "restore"]) when Vault(vault) is { } index =>
            Done(() => server.RestoreVault(index, ControlJson.Read<RestoreRequest>(call.Body).To)),
        ("GET", ["sandbox", "journal"]) => Ok(new JournalBody([.. Entries(call)])),
        ("DELETE", ["sandbox", "journal"]) => Done(server.Journal.Clear),
        ("GET", ["sandbox", "state"]) => Ok(new StateBody(server.Connections())),
        ("GET", ["sandbox", "options"]) => Ok(server.Options),
        ("PATCH", ["sandbox", "options"]) => ChangeOptions(call),
        ("POST", ["sandbox", "links", var flowId, "finish"]) => Finish(flowId, call),
        _ => Unknown(),
    };

    private int? Vault(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < server.VaultAddresses.Count ? index : null;

    private Answer Clock() => Ok(new ClockBody(server.Clock.GetUtcNow(), server.Clock.Offset));

    private Answer SetClock(ClockChange change)
    {
        if (change.Set is { } now)
            server.Clock.Set(now);
        if (change.Advance is { } by)
            server.Clock.Advance(by);
        return Clock();
    }

    private IEnumerable<JournalEntry> Entries(Call call)
    {
        var after = long.TryParse(call.Query("after"), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) ? sequence : 0;
        var operation = call.Query("operation");
        return server.Journal.Entries.Where(entry => entry.Sequence > after && (operation is null || entry.Operation == operation));
    }

    private Answer ChangeOptions(Call call)
    {
        var options = ControlJson.Write(server.Options);
        foreach (var (name, value) in call.Json() ?? throw new JsonException("A JSON object is expected."))
        {
            var plain = name.Replace("_", "", StringComparison.Ordinal);
            if (SandboxOptions.FixedAtStart.Contains(plain))
                return Problem(StatusCodes.Status400BadRequest, $"{name} is fixed at the start.");
            options[JsonNamingPolicy.SnakeCaseLower.ConvertName(name)] = value?.DeepClone();
        }

        server.Options = ControlJson.Read<SandboxOptions>(Encoding.UTF8.GetBytes(options.ToJsonString())) with { Time = server.Options.Time };
        return Ok(server.Options);
    }

    private Answer Finish(string flowId, Call call)
    {
        var request = call.Body.Length == 0 ? new FinishRequest() : ControlJson.Read<FinishRequest>(call.Body);
        return server.Finish(flowId, request.Outcome) is { } location
            ? Ok(new FinishBody(location.OriginalString))
            : Problem(StatusCodes.Status410Gone, "The link is unknown, used or expired.");
    }

    private static FaultBody Show(ActiveFault fault) => new(fault.Id, fault.Rule, fault.Applied, fault.Remaining);

    private static Answer Done(Action act)
    {
        act();
        return Answer.Empty(StatusCodes.Status204NoContent);
    }

    private static Answer Ok<T>(T body) => ControlJson.Answer(StatusCodes.Status200OK, body);

    private static Answer Unknown() => Problem(StatusCodes.Status404NotFound, "There is no such thing here.");

    private static Answer Problem(int status, string error) => ControlJson.Answer(status, new ProblemBody(error));
}
