using FinxFunctions.Tests.Faults.Proof;
using static FinxFunctions.Tests.Faults.Proof.CallerActions;

namespace FinxFunctions.Tests.Faults.CrashPoints.Operations;

/// <summary>A tick of the timer that finds several connections due.</summary>
internal sealed class Ticking : Operation
{
    private static readonly TimeSpan Settled = TimeSpan.FromDays(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<(string Id, string User)> _connections = [];

    /// <summary>Refresh tokens that are due at once, though they live on for a while.</summary>
    public override IEnumerable<(string Name, string Value)> Settings => [("Finx:RefreshTokenLifetime", "00:01:40"), ("Tokens:RotateAfter", "0.01"), ("Tokens:RotateJitter", "0")];

    public override async Task PrepareAsync(World world, Caller caller)
    {
        foreach (var user in (string[])[User, NewUser(), NewUser()])
            _connections.Add((await ConnectAsync(world, caller, user), user));
        await Task.Delay(TimeSpan.FromSeconds(1.1));
    }

    /// <summary>The answer comes before the tick begins.</summary>
    public override async Task ActAsync(World world, Caller caller)
    {
        await caller.TickAsync();
        await World.WithinAsync(Patience, () => Task.FromResult(world.Proxy.Calls.Count > 0));
        await world.Proxy.QuietAsync(TimeSpan.FromSeconds(1));
    }

    public override async Task<bool> ResumeAsync(World world, Caller caller)
    {
        var isWhole = true;
        foreach (var (id, user) in _connections)
        {
            Reply connection = null!;
            Assert.True(
                await World.WithinAsync(Patience, async () =>
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
