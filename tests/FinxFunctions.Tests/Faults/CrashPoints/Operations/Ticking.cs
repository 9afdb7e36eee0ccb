using FinxFunctions.Tests.Faults.Proof;
using static FinxFunctions.Tests.Faults.Proof.CallerActions;

namespace FinxFunctions.Tests.Faults.CrashPoints.Operations;

/// <summary>A tick of the timer that finds several connections due.</summary>
internal sealed class Ticking : Operation
{
    private static readonly TimeSpan Settled = TimeSpan.FromDays(1);

    private readonly List<(string Id, string User)> _connections = [];

    /// <summary>After that the refresh tokens expire.</summary>
    public override TimeSpan? TimeLimit => TimeSpan.FromSeconds(100) * Factor;

    /// <summary>Refresh tokens that are due after a hundredth of their life.</summary>
    public override IEnumerable<(string Name, string Value)> Settings => [("Finx:RefreshTokenLifetime", TimeLimit.ToString()!), ("Tokens:RotateAfter", "0.01"), ("Tokens:RotateJitter", "0")];

    public override async Task PrepareAsync(World world, Caller caller)
    {
        foreach (var user in (string[])[User, NewUser(), NewUser()])
            _connections.Add((await ConnectAsync(world, caller, user), user));
        foreach (var (id, _) in _connections)
            Assert.True(await World.WithinAsync(SlowMachine.HangLimit, async () => NextRotationOf(await AskAsync(() => caller.ConnectionAsync(id))) < TimeProvider.System.GetUtcNow()));
    }

    /// <summary>The answer comes before the tick begins.</summary>
    public override async Task ActAsync(World world, Caller caller)
    {
        await caller.TickAsync();
        await World.WithinAsync(SlowMachine.HangLimit, () => Task.FromResult(world.Proxy.Calls.Count > 0));
        await world.Proxy.QuietAsync(TimeSpan.FromSeconds(1) * Factor);
    }

    public override async Task<bool> ResumeAsync(World world, Caller caller)
    {
        var isWhole = true;
        foreach (var (id, user) in _connections)
        {
            Reply connection = null!;
            Assert.True(
                await World.WithinAsync(SlowMachine.HangLimit, async () =>
                {
                    await caller.TickAsync();
                    connection = await AskAsync(() => caller.ConnectionAsync(id));
                    return connection["status"] != "active" || NextRotationOf(connection) - TimeProvider.System.GetUtcNow() > Settled;
                }),
                $"The timer did not see to a connection: {connection}");
            var generation = (int)connection.Body["generation"]!;
            if (connection["status"] == "active")
            {
                Assert.InRange(generation, 2, 3);
                await AssertAliveAsync(caller, id, generation);
            }
            else
            {
                await AssertEndedAsync(world, caller, user, id, generation);
                isWhole = false;
            }
        }

        return isWhole;
    }

    private static DateTimeOffset NextRotationOf(Reply connection) => (DateTimeOffset)connection.Body["next_rotation_at"]!;
}
