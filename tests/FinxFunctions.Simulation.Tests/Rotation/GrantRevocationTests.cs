using System.Net;
using FinxFunctions.Callback;
using FinxFunctions.KeyVault;
using FinxFunctions.Rotation;
using FinxFunctions.Simulation.Tests.Staging;
using FinxFunctions.State;

namespace FinxFunctions.Simulation.Tests.Rotation;

/// <summary>After a renewal the former grant is revoked at finX, and never the one in use.</summary>
public sealed class GrantRevocationTests
{
    [Fact]
    public void The_former_grant_is_revoked_and_the_new_one_stays()
    {
        var scenario = new Scenario();
        var (before, former, current) = Renew(scenario);
        using var revocations = scenario.Metric<long>("finx.revocations");

        RevokeFormer(scenario, before, current);

        Assert.False(scenario.Finx.Honours(former.AccessToken.Reveal()));
        Assert.True(scenario.Finx.Honours(current.AccessToken.Reveal()));
        Assert.Equal("revoked", Assert.Single(revocations.GetMeasurementSnapshot()).Tags["outcome"]);
        Assert.IsType<RotationOutcome.Rotated>(scenario.Refresh(before.Connection.Id));
    }

    [Fact]
    public void A_token_that_finX_issued_again_is_not_revoked()
    {
        var scenario = new Scenario();
        var (before, former, current) = Renew(scenario);

        RevokeFormer(scenario, before, current with { RefreshToken = former.RefreshToken });

        Assert.DoesNotContain("revoke", scenario.Script.Calls);
    }

    [Fact]
    public void Switched_off_nothing_is_revoked()
    {
        var scenario = new Scenario(("Finx:RevokeFormerGrants", "false"));
        var (before, _, current) = Renew(scenario);

        RevokeFormer(scenario, before, current);

        Assert.DoesNotContain("revoke", scenario.Script.Calls);
    }

    [Fact]
    public void A_first_connection_has_no_former_grant()
    {
        var scenario = new Scenario();
        var id = scenario.Connect();
        var snapshot = scenario.Snapshot(id);

        RevokeFormer(scenario, snapshot with { Connection = snapshot.Connection with { SecretId = null, Generation = 0 } }, scenario.Pair(id));

        Assert.DoesNotContain("revoke", scenario.Script.Calls);
    }

    [Theory]
    [InlineData(503, 3, "given_up")]
    [InlineData(400, 1, "refused")]
    public void What_finX_does_not_revoke_is_counted(int status, int tries, string outcome)
    {
        var scenario = new Scenario();
        var (before, _, current) = Renew(scenario);
        using var revocations = scenario.Metric<long>("finx.revocations");
        scenario.Script.On("revoke", ScriptedFault.Answers((HttpStatusCode)status), times: int.MaxValue);

        RevokeFormer(scenario, before, current);

        Assert.Equal(tries, scenario.Script.Calls.Count(call => call == "revoke"));
        Assert.Equal(outcome, revocations.LastMeasurement!.Tags["outcome"]);
        Assert.Contains(27, scenario.Events);
    }

    private static void RevokeFormer(Scenario scenario, ConnectionSnapshot before, TokenPair current)
    {
        scenario.Do((GrantRevocation grants) =>
        {
            grants.RevokeFormer(before, current);
            return Task.CompletedTask;
        });
        scenario.Settle();
    }

    private static (ConnectionSnapshot Before, TokenPair Former, TokenPair Current) Renew(Scenario scenario)
    {
        var id = scenario.Connect();
        var (before, former) = (scenario.Snapshot(id), scenario.Pair(id));
        Assert.IsType<CallbackOutcome.Finished>(scenario.Return(scenario.Finish(scenario.CreateLink(id))));
        scenario.Settle();
        scenario.Script.Forget();
        return (before, former, scenario.Pair(id));
    }
}
