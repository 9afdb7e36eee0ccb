using FinxFunctions.Simulation.Tests.Staging;
using FinxFunctions.Tokens;

namespace FinxFunctions.Simulation.Tests.Tokens;

/// <summary>Reads of an access token that is not in memory.</summary>
public sealed class ColdReadTests
{
    [Fact]
    public void With_the_access_token_in_the_row_a_cold_read_is_one_call_and_none_to_Key_Vault()
    {
        var scenario = new Scenario(("Tokens:ColdReads", "Row"));
        var id = scenario.Connect();
        scenario.Script.On("get", ScriptedFault.Fails(), times: int.MaxValue);

        var granted = Assert.IsType<AccessResult.Granted>(scenario.GetToken(id));

        Assert.Equal(AccessSource.Cold, granted.Source);
        Assert.Equal(["connections.query"], scenario.Script.Calls);
        Assert.Null(granted.Pair.RefreshToken);
        Assert.True(scenario.Finx.Honours(granted.Pair.AccessToken.Reveal()));
    }

    [Fact]
    public void The_pair_of_the_row_is_refreshed_like_any_other()
    {
        var scenario = new Scenario(("Tokens:ColdReads", "Row"));
        var id = scenario.Connect();
        scenario.GetToken(id);

        var granted = Assert.IsType<AccessResult.Granted>(scenario.GetToken(id, new AccessRequest(TimeSpan.Zero, RejectedGeneration: 1)));

        Assert.Equal((AccessSource.Refreshed, 2), (granted.Source, granted.Pair.Generation));
        scenario.Settle();
        Assert.Equal(2, Assert.IsType<AccessResult.Granted>(scenario.OtherProcess().GetToken(id)).Pair.Generation);
    }

    [Fact]
    public void By_default_no_row_holds_a_token()
    {
        var scenario = new Scenario();

        Assert.Null(scenario.Connection(scenario.Connect()).AccessToken);
    }

    [Fact]
    public void The_row_of_a_connection_that_ended_holds_no_token()
    {
        var scenario = new Scenario(("Tokens:ColdReads", "Row"));
        var id = scenario.Connect();
        scenario.RefuseOnce(id);
        scenario.Script.On("token", ScriptedFault.Refuses());

        scenario.Refresh(id);

        Assert.Null(scenario.Connection(id).AccessToken);
    }

    [Fact]
    public void A_row_of_the_other_setting_is_read_from_Key_Vault()
    {
        var scenario = new Scenario(("Tokens:ColdReads", "Row"));
        var id = scenario.Connect();
        var other = scenario.OtherProcess(("Tokens:ColdReads", "Vault"));

        Assert.IsType<AccessResult.Granted>(other.GetToken(id));

        Assert.Contains("get", other.Script.Calls);
    }

    [Fact]
    public void A_token_too_long_for_the_row_is_read_from_Key_Vault()
    {
        var scenario = new Scenario(("Tokens:ColdReads", "Row"));
        var id = scenario.Connect(ScriptedFault.Grants($$"""{"access_token":"~token~{{new string('x', 33 * 1024)}}","refresh_token":"~token~r","expires_in":3600}"""));

        Assert.Null(scenario.Connection(id).AccessToken);
        Assert.IsType<AccessResult.Granted>(scenario.GetToken(id));
    }

    [Fact]
    public void A_caller_is_answered_once_the_answer_is_persisted()
    {
        var scenario = new Scenario();
        var id = scenario.Connect();
        scenario.Pass(TimeSpan.FromHours(1));
        scenario.Script.On("set", ScriptedFault.Late(TimeSpan.FromMinutes(1)));
        var began = scenario.Now;

        Assert.Equal(AccessSource.Refreshed, Assert.IsType<AccessResult.Granted>(scenario.GetToken(id)).Source);

        Assert.InRange(scenario.Now - began, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Equal(1, scenario.Connection(id).Generation);
        Assert.Equal(2, Assert.IsType<AccessResult.Granted>(scenario.OtherProcess().GetToken(id)).Pair.Generation);
        scenario.Settle();
        Assert.Equal(2, scenario.Connection(id).Generation);
    }

    [Fact]
    public void A_caller_waits_no_longer_than_the_limit_and_the_refresh_goes_on()
    {
        var scenario = new Scenario();
        var id = scenario.Connect();
        scenario.Pass(TimeSpan.FromHours(1));
        scenario.Script.On("token", ScriptedFault.Late(TimeSpan.FromSeconds(70)));
        var began = scenario.Now;

        Assert.IsType<AccessResult.TryLater>(scenario.GetToken(id));

        Assert.InRange(scenario.Now - began, TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(11));
        scenario.Settle();
        Assert.Equal(2, scenario.Connection(id).Generation);
        Assert.Equal(1, scenario.Script.Calls.Count(call => call == "token"));
    }
}
