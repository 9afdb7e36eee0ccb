using FinxFunctions.State;

namespace FinxFunctions.Simulation.Tests.Rotation;

public sealed class LeaseTests
{
    private static readonly DateTimeOffset End = new(2027, 1, 1, 0, 1, 30, TimeSpan.Zero);

    private readonly Lease _claim = new()
    {
        ConnectionId = Pairs.Id,
        Kind = LeaseKind.Refresh,
        FromGeneration = 4,
        AttemptId = "attempt",
        Holder = "holder",
        ExpiresAt = End,
        StartedAt = End,
    };

    [Fact]
    public void It_is_held_by_its_holder_until_it_expires()
    {
        Assert.True(_claim.IsHeld(End.AddTicks(-1)));
        Assert.False(_claim.IsHeld(End));
        Assert.False((_claim with { Holder = "" }).IsHeld(End.AddTicks(-1)));
    }

    [Fact]
    public void It_leads_to_the_next_generation_on_behalf_of_the_service_unless_it_says_otherwise() =>
        Assert.Equal((5, "system"), (_claim.ToGeneration, _claim.Actor));
}
