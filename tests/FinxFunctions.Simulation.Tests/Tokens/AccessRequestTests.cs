using FinxFunctions.KeyVault;
using FinxFunctions.State;
using FinxFunctions.Tokens;

namespace FinxFunctions.Simulation.Tests.Tokens;

public sealed class AccessRequestTests
{
    private static readonly DateTimeOffset Obtained = new(2027, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TokenPair Pair = Pairs.Of(generation: 3, Obtained, TimeSpan.FromHours(1));
    private static readonly Connection Row = new()
    {
        Id = Pair.ConnectionId,
        CallerId = "owner",
        UserKey = "user",
        CreatedAt = Obtained,
        Vault = new Uri("https://one.vault.azure.net/"),
        Generation = 3,
        RefreshedAt = Obtained,
        AccessExpiresAt = Obtained.AddHours(1),
    };

    [Theory]
    [InlineData(60, 3540, true)]
    [InlineData(60, 3541, false)]
    [InlineData(3600, 1800, true)]
    [InlineData(3600, 1801, false)]
    [InlineData(0, 3600, true)]
    [InlineData(0, 3601, false)]
    public void A_pair_meets_a_request_if_it_is_valid_long_enough_or_for_half_of_its_life(int wish, int age, bool willDo)
    {
        var request = new AccessRequest(TimeSpan.FromSeconds(wish));

        Assert.Equal(willDo, request.IsMetBy(Pair, Obtained.AddSeconds(age)));
        Assert.Equal(willDo, request.IsMetBy(Row, Obtained.AddSeconds(age)));
    }

    [Fact]
    public void The_rejected_generation_does_not_meet_a_request()
    {
        var request = AccessRequest.Default with { RejectedGeneration = 3 };

        Assert.False(request.IsMetBy(Pair, Obtained));
        Assert.False(request.IsServedBy(Pair, Obtained));
        Assert.True((request with { RejectedGeneration = 2 }).IsMetBy(Pair, Obtained));
        Assert.True((request with { RejectedGeneration = 2 }).IsServedBy(Pair, Obtained));
    }

    [Fact]
    public void A_connection_without_a_pair_does_not_meet_a_request()
    {
        Assert.False(AccessRequest.Default.IsMetBy(Row with { RefreshedAt = null }, Obtained));
        Assert.False(AccessRequest.Default.IsMetBy(Row with { AccessExpiresAt = null }, Obtained));
    }

    [Fact]
    public void A_pair_may_be_served_to_its_last_second()
    {
        Assert.True(AccessRequest.Default.IsServedBy(Pair, Obtained.AddSeconds(3599)));
        Assert.False(AccessRequest.Default.IsServedBy(Pair, Obtained.AddSeconds(3600)));
    }

    [Fact]
    public void The_default_minimum_validity_is_a_minute() =>
        Assert.Equal(TimeSpan.FromMinutes(1), AccessRequest.Default.MinValidity);
}
