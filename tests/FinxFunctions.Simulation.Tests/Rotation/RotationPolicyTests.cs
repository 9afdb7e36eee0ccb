using FinxFunctions.Finx;
using FinxFunctions.Rotation;
using FinxFunctions.Simulation.Tests.Staging;
using FinxFunctions.State;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace FinxFunctions.Simulation.Tests.Rotation;

public sealed class RotationPolicyTests
{
    private static readonly DateTimeOffset Now = new(2027, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Connection Row = new()
    {
        Id = Pairs.Id,
        CallerId = "caller",
        UserKey = "user",
        CreatedAt = Now,
        Vault = new Uri("https://one.vault.azure.net/"),
    };

    private static readonly Lease Held = new()
    {
        ConnectionId = Pairs.Id,
        Kind = LeaseKind.Refresh,
        FromGeneration = 1,
        AttemptId = "attempt",
        Holder = "holder",
        ExpiresAt = Now,
        StartedAt = Now,
        PresentedAt = Now,
    };

    private readonly FakeTimeProvider _time = new(Now);
    private readonly ScriptedRandom _random = new();
    private readonly TokenOptions _tokens = new();
    private readonly FinxOptions _finx = new();

    private RotationPolicy Policy => new(Options.Create(_tokens), Options.Create(_finx), _time, _random);

    [Theory]
    [InlineData(0.0, 750)]
    [InlineData(0.5, 1000)]
    [InlineData(1.0, 1250)]
    public void It_waits_about_as_long_as_asked(double chance, int milliseconds)
    {
        _random.Value = chance;

        var waiting = Policy.DelayAsync(TimeSpan.FromSeconds(1));

        _time.Advance(TimeSpan.FromMilliseconds(milliseconds - 1));
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(waiting.IsCompleted);
    }

    [Theory]
    [InlineData(0.0, 90_000)]
    [InlineData(0.5, 90_050)]
    public void A_lease_begins_now_and_ends_when_no_other_does(double chance, int milliseconds)
    {
        _random.Value = chance;

        Assert.Equal(Now.AddMilliseconds(milliseconds), Policy.LeaseExpiry());
    }

    [Fact]
    public void A_token_is_redeemed_only_if_finX_can_answer_before_the_lease_ends()
    {
        Assert.True(Policy.HasTimeToRedeem(Now + _finx.TokenTimeout));
        Assert.False(Policy.HasTimeToRedeem(Now + _finx.TokenTimeout - TimeSpan.FromTicks(1)));
    }

    [Fact]
    public void Consent_ends_a_consents_life_after_it_was_given() => Assert.Equal(Now + _finx.ConsentLifetime, Policy.ConsentExpiry(Now));

    [Fact]
    public void A_code_is_over_at_the_end_of_its_life()
    {
        Assert.True(Policy.IsCodeExpired(Held with { StartedAt = Now - _finx.CodeLifetime }));
        Assert.False(Policy.IsCodeExpired(Held with { StartedAt = Now - _finx.CodeLifetime + TimeSpan.FromTicks(1) }));
    }

    [Theory]
    [InlineData(0.0, 45.0)]
    [InlineData(1.0, 36.0)]
    public void A_refresh_token_is_exchanged_at_half_of_its_life_or_somewhat_before(double chance, double days)
    {
        _random.Value = chance;

        var at = Policy.NextRotation(Pairs.Of(1, Now, TimeSpan.FromHours(1)));

        Assert.Equal(days, (at!.Value - Now).TotalDays, 6);
    }

    [Fact]
    public void Jitter_never_draws_it_to_the_very_beginning()
    {
        (_tokens.RotateAfter, _tokens.RotateJitter, _random.Value) = (0.1, 0.5, 1);

        Assert.Equal(0.9, (Policy.NextRotation(Pairs.Of(1, Now, TimeSpan.FromHours(1)))!.Value - Now).TotalDays, 6);
    }

    [Fact]
    public void Where_there_is_no_refresh_token_nothing_is_exchanged() =>
        Assert.Null(Policy.NextRotation(Pairs.Of(1, Now, TimeSpan.FromHours(1)) with { RefreshToken = null }));

    [Theory]
    [InlineData(0, 1.0, 2)]
    [InlineData(1, 1.0, 2)]
    [InlineData(1, 0.0, 1)]
    [InlineData(2, 1.0, 4)]
    [InlineData(5, 1.0, 32)]
    [InlineData(5, 0.5, 24)]
    [InlineData(30, 1.0, 300)]
    [InlineData(int.MaxValue, 0.0, 150)]
    public void Each_failure_in_a_row_doubles_the_pause(int failures, double chance, double seconds)
    {
        _random.Value = chance;

        Assert.Equal(seconds, (Policy.RetryAt(failures, null) - Now).TotalSeconds);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(20, 20)]
    [InlineData(3599, 3599)]
    [InlineData(7200, 3600)]
    public void A_retry_waits_for_as_long_as_finX_asks_but_not_for_too_long(double wish, double seconds)
    {
        _random.Value = 1;

        Assert.Equal(seconds, (Policy.RetryAt(1, TimeSpan.FromSeconds(wish)) - Now).TotalSeconds);
    }

    [Fact]
    public void A_replay_comes_at_once_while_there_are_any_left_and_a_window_later_else()
    {
        _tokens.Replays = 2;
        var lease = Held with { PresentedAt = Now.AddMinutes(-1) };

        Assert.Equal(Now, Policy.ReplayAt(lease with { Replays = 1 }, Row));
        Assert.Equal(Now.AddMinutes(-1) + _tokens.ReplayWindow, Policy.ReplayAt(lease with { Replays = 2 }, Row));
    }

    [Fact]
    public void Where_none_is_allowed_there_is_no_replay()
    {
        _tokens.Replays = 0;

        Assert.Null(Policy.ReplayAt(Held, Row));
    }

    [Fact]
    public void Where_reuse_revokes_the_family_a_replay_waits_for_the_end_of_the_access_token()
    {
        _tokens.ReuseRevokesFamily = true;
        var row = Row with { AccessExpiresAt = Now.AddMinutes(20) };

        Assert.Equal(Now.AddMinutes(20), Policy.ReplayAt(Held, row));
        Assert.Equal(Now, Policy.ReplayAt(Held with { Kind = LeaseKind.Exchange }, row));
        Assert.Equal(Now, Policy.ReplayAt(Held, Row));
        Assert.Equal(Now, Policy.ReplayAt(Held, row with { AccessExpiresAt = Now.AddMinutes(-1) }));
        _tokens.ReuseRevokesFamily = false;
        Assert.Equal(Now, Policy.ReplayAt(Held, row));
    }

    [Fact]
    public void The_replays_count_anew_after_the_window()
    {
        var lease = Held with { Replays = 3 };

        Assert.Equal(4, Policy.ReplaysAfter(lease with { PresentedAt = Now - _tokens.ReplayWindow + TimeSpan.FromTicks(1) }));
        Assert.Equal(1, Policy.ReplaysAfter(lease with { PresentedAt = Now - _tokens.ReplayWindow }));
    }
}
