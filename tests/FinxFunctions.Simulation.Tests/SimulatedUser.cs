using FinxFunctions.Authorization;
using FinxFunctions.Callback;
using FinxFunctions.Connections;
using FinxFunctions.Finx;
using FinxFunctions.KeyVault;
using FinxFunctions.Links;
using FinxFunctions.Primitives;
using FinxFunctions.StandIns;
using FinxFunctions.State;
using FinxFunctions.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace FinxFunctions.Simulation.Tests;

/// <summary>A user and the services that work for it: they connect a bank, ask for tokens, and repeat what failed.</summary>
internal sealed class SimulatedUser(World world, SimulatedProcess outside, Processes processes, InMemoryFinx finx, InvariantChecker checker, SeededRandom random, int number, DateTimeOffset end)
{
    private const int MostTries = 40;

    private static readonly Uri ReturnUri = new("https://app.example/banking/done");

    private readonly string _userId = $"user-{number}";

    /// <summary>The connection, once there is one.</summary>
    public string? ConnectionId { get; private set; }

    public async Task RunAsync()
    {
        await WaitAsync(random.Span(TimeSpan.Zero, (end - world.Now) * 0.8));
        while (world.Now < end && !await ConnectAsync())
        {
            await WaitAsync(random.Exponential(TimeSpan.FromHours(12)));
        }

        // A few are used often, most sometimes, some never.
        var (isBusy, isSilent) = (random.Chance(0.02), random.Chance(0.15));
        var needsUntil = world.Now + TimeSpan.FromDays(20);
        var renewsAt = world.Now + random.Span(TimeSpan.FromDays(150), TimeSpan.FromDays(220));
        while (world.Now < end)
        {
            await WaitAsync(random.Exponential(isBusy && world.Now < needsUntil ? TimeSpan.FromMinutes(80) : isSilent ? TimeSpan.FromDays(60) : TimeSpan.FromDays(12)));
            if (random.Chance(isBusy ? 0.0005 : 0.008))
            {
                await DeleteAsync();
                return;
            }

            if (random.Chance(isBusy ? 0.0001 : 0.003))
            {
                Withdraw();
            }

            var isLost = isSilent ? await HasEndedAsync() : await AskTogetherAsync();
            if (isLost || (world.Now > renewsAt && random.Chance(0.5)))
            {
                renewsAt = world.Now + random.Span(TimeSpan.FromDays(150), TimeSpan.FromDays(220));
                await WaitAsync(random.Exponential(TimeSpan.FromDays(1)));
                await ConnectAsync();
            }
        }
    }

    /// <summary>Whether a service gets a token in the end, when there are no more faults.</summary>
    public async Task<bool> IsServedAsync()
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            if (await AskAsync(new AccessRequest(TimeSpan.FromMinutes(1))) is AccessResult.Granted { Pair: var pair })
            {
                var fresh = await AskAsync(new AccessRequest(TimeSpan.FromMinutes(1), pair.Generation));
                return fresh is AccessResult.Granted { Pair: var next } && next.Generation == pair.Generation + 1 && finx.Honours(next.AccessToken.Reveal());
            }

            await WaitAsync(TimeSpan.FromMinutes(1));
        }

        return false;
    }

    private async Task<bool> ConnectAsync()
    {
        checker.Count("flows");
        var (isAnswered, link) = await TryAsync(services => services.GetRequiredService<LinkService>().CreateAsync(Caller.WithKey, new LinkRequest(_userId, ReturnUri, "theirs", ConnectionId, LinkMode.Redirect, null, null), CancellationToken.None));
        if (link is null)
        {
            // A connection that was never finished is deleted after a while. The next flow makes another.
            ConnectionId = isAnswered ? null : ConnectionId;
            return false;
        }

        ConnectionId = link.ConnectionId;
        if (random.Chance(0.04))
        {
            checker.Count("flows left");
            return false;
        }

        await WaitAsync(random.Chance(0.05) ? random.Span(TimeSpan.FromHours(1), TimeSpan.FromHours(12)) : random.Span(TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(20)));
        if (random.Chance(0.04))
        {
            await ReturnAsync(new CallbackQuery(finx.Cancel(link.FlowId), link.FlowId, null, false, IsCancelled: true));
            return false;
        }

        var (state, code) = finx.Finish(link.FlowId);
        var query = new CallbackQuery(state, link.FlowId, new Secret(code), true, IsCancelled: false);
        if (random.Chance(0.1))
        {
            checker.Count("returns without a verdict first");
            await ReturnAsync(WithoutVerdict(query));
        }

        if (random.Chance(0.02))
        {
            await DeleteWhileOpenAsync(query);
            return false;
        }

        var returns = Enumerable.Range(0, random.Chance(0.2) ? random.Next(3) + 2 : 1).Select(_ => ReturnAsync(query)).ToList();
        var outcomes = await Task.WhenAll(returns);
        if (random.Chance(0.1))
        {
            await WaitAsync(random.Exponential(TimeSpan.FromMinutes(30)));
            outcomes = [.. outcomes, await ReturnAsync(query)];
        }

        var known = outcomes.OfType<string>().Distinct().ToList();
        checker.Count(known is ["connected"] ? "flows connected" : $"flows {string.Join(" and ", known.DefaultIfEmpty("unanswered"))}");
        if (known.Count > 1)
        {
            checker.Violated(ConnectionId, $"one return was answered {string.Join(" and ", known)}");
        }

        return known is ["connected"];
    }

    /// <summary>A return that says less than the one that follows: the state alone, a cancellation, no success, or a code that was cut.</summary>
    private CallbackQuery WithoutVerdict(CallbackQuery query) => random.Next(4) switch
    {
        0 => new CallbackQuery(query.State, null, null, null, IsCancelled: false),
        1 => query with { Code = null, IsSuccess = null, IsCancelled = true },
        2 => query with { IsSuccess = false },
        _ => query with { Code = new Secret(query.Code!.Reveal()[..^1] + "-cut") },
    };

    /// <summary>The connection is deleted while its user is in the widget. Nothing brings it back.</summary>
    private async Task DeleteWhileOpenAsync(CallbackQuery query)
    {
        var id = ConnectionId!;
        var deleting = DeleteAsync();
        await ReturnAsync(query);
        if (await deleting)
        {
            await ReturnAsync(query);
            if (checker.SnapshotOf(id) is { Connection.Status: not ConnectionStatus.Deleted })
            {
                checker.Violated(id, "I9: a return undid a deletion");
            }

            ConnectionId = null;
        }
    }

    /// <summary>A browser that returns and reloads for as long as the answer asks for it. Null where it gave up.</summary>
    private async Task<string?> ReturnAsync(CallbackQuery query)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            var (isAnswered, outcome) = await TryAsync(services => services.GetRequiredService<CallbackService>().HandleAsync(query, CancellationToken.None));
            switch (outcome)
            {
                case CallbackOutcome.Finished { Outcome: var said }:
                    return said["status"];
                case CallbackOutcome.Unknown:
                    return null;
            }

            await WaitAsync(isAnswered ? TimeSpan.FromSeconds(2) : TimeSpan.FromSeconds(10));
        }

        return null;
    }

    /// <summary>Services ask, often several at once. True where the connection has ended.</summary>
    private async Task<bool> AskTogetherAsync()
    {
        var count = random.Chance(0.1) ? random.Next(20) + 2 : 1;
        var request = new AccessRequest(random.Chance(0.1) ? TimeSpan.FromMinutes(30) : TimeSpan.FromMinutes(1));
        var results = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => AskAsync(request)));
        var refused = results.OfType<AccessResult.Granted>().FirstOrDefault(granted => !finx.Honours(granted.Pair.AccessToken.Reveal()) || random.Chance(0.02));
        if (refused is not null)
        {
            results = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => AskAsync(request with { RejectedGeneration = refused.Pair.Generation })));
        }

        return results.Any(result => result is AccessResult.NeedsReconsent);
    }

    private async Task<AccessResult?> AskAsync(AccessRequest request)
    {
        var (_, result) = await TryAsync(services => services.GetRequiredService<TokenService>().GetAsync(Caller.WithKey, ConnectionId!, request, CancellationToken.None));
        if (result is AccessResult.Granted { Pair: var pair })
        {
            checker.Granted(ConnectionId!, pair);
        }
        else if (result is AccessResult.TryLater)
        {
            checker.Count("callers asked to come again");
        }

        return result;
    }

    private async Task<bool> HasEndedAsync()
    {
        var (_, connection) = await TryAsync(services => services.GetRequiredService<ConnectionService>().FindAsync(Caller.WithKey, ConnectionId!, CancellationToken.None));
        return connection is { Status: "needs_reconsent" or "pending" };
    }

    private async Task<bool> DeleteAsync()
    {
        checker.Count("deletions");
        for (var tries = 0; tries < MostTries; tries++)
        {
            var (isAnswered, outcome) = await TryAsync(services => services.GetRequiredService<ConnectionService>().DeleteAsync(Caller.WithKey, ConnectionId!, CancellationToken.None));
            if (isAnswered && outcome is not DeletionOutcome.Busy)
            {
                return true;
            }

            await WaitAsync(TimeSpan.FromSeconds(30));
        }

        return false;
    }

    /// <summary>The user revokes the consent at the bank.</summary>
    private void Withdraw()
    {
        if (checker.SnapshotOf(ConnectionId!) is { Connection: { SecretId: not null, Status: ConnectionStatus.Active } connection })
        {
            checker.Count("consents withdrawn");
            finx.Revoke(checker.PairOf(connection).AccessToken.Reveal(), "withdrawn");
        }
    }

    /// <summary>A request to one of the processes. Null for a failure that may pass.</summary>
    private async Task<(bool IsAnswered, T? Answer)> TryAsync<T>(Func<IServiceProvider, Task<T>> request)
    {
        try
        {
            return (true, await processes.Any().AskAsync(request));
        }
        catch (Exception exception) when (exception is FinxException or StorageException or VaultException or ProcessKilledException)
        {
            return (false, default);
        }
        catch (Exception exception)
        {
            checker.Violated(ConnectionId ?? "", $"unexpected: {exception}");
            return (false, default);
        }
    }

    private Task WaitAsync(TimeSpan time) => world.WaitAsync(time, outside);
}
