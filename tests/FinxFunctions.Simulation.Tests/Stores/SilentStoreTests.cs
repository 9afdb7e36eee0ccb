using FinxFunctions.KeyVault;
using FinxFunctions.Rotation;
using FinxFunctions.Simulation.Tests.Staging;
using FinxFunctions.StandIns;
using FinxFunctions.State;
using FinxFunctions.Tokens;

namespace FinxFunctions.Simulation.Tests.Stores;

/// <summary>A store that accepts a call and never answers, at each step of a rotation, or that throws what no store should.</summary>
public sealed class SilentStoreTests
{
    private readonly Scenario _scenario = new();

    public static TheoryData<string, bool> Steps => new()
    {
        { "connections.update", false }, // persist
        { "connections.update", true },
        { "set", false }, // vault
        { "set", true },
        { "connections.submit", true }, // lease, commit
    };

    [Theory, MemberData(nameof(Steps))]
    public void Silence_at_persist_vault_or_commit_loses_no_answer(string operation, bool acts)
    {
        var id = _scenario.Connect();
        var token = _scenario.Pair(id).RefreshToken!;
        _scenario.Script.On(operation, ScriptedFault.Silent(acts), skip: operation == "connections.submit" ? 1 : 0);

        var rotated = Assert.IsType<RotationOutcome.Rotated>(_scenario.Refresh(id));
        _scenario.Settle();
        _scenario.Pass(TimeSpan.FromMinutes(5));
        if (_scenario.Snapshot(id).Lease is not null)
        {
            _scenario.Recover(id);
            _scenario.Settle();
        }

        Assert.Equal(2, _scenario.Connection(id).Generation);
        Assert.Equal(rotated.Pair, _scenario.Pair(id));
        Assert.Equal(1, _scenario.Presentations(token));
    }

    [Theory]
    [InlineData("connections.query")]
    [InlineData("get")]
    [InlineData("agenda.upsert")]
    [InlineData("connections.submit")]
    public void Silence_before_the_token_is_presented_leaves_it_unspent(string operation)
    {
        var id = _scenario.Connect();
        _scenario.Pass(TimeSpan.FromHours(2));
        var other = _scenario.OtherProcess();
        var token = _scenario.Pair(id).RefreshToken!;
        other.Script.On(operation, ScriptedFault.Silent(), times: 100);

        Assert.False(Answers(other, id));
        Assert.Equal(0, _scenario.Presentations(token));
        other.Script.Clear();
        other.Pass(TimeSpan.FromMinutes(5));

        Assert.True(Answers(other, id));
        other.Settle();
        Assert.Equal(2, _scenario.Connection(id).Generation);
    }

    [Theory]
    [InlineData("connections.update")]
    [InlineData("set")]
    public void So_does_any_exception_of_a_stores_client(string operation)
    {
        var failures = new[] { SdkFailure.After(SdkFailure.BrokeOff), new InvalidOperationException(), new UriFormatException(), new TaskCanceledException() };
        foreach (var failure in failures)
        {
            var scenario = new Scenario();
            var id = scenario.Connect();
            var token = scenario.Pair(id).RefreshToken!;
            scenario.Script.On(operation, ScriptedFault.Throws(failure));

            var rotated = Assert.IsType<RotationOutcome.Rotated>(scenario.Refresh(id));
            scenario.Settle();
            scenario.Pass(TimeSpan.FromMinutes(5));
            if (scenario.Snapshot(id).Lease is not null)
            {
                scenario.Recover(id);
                scenario.Settle();
            }

            Assert.Equal(rotated.Pair, scenario.Pair(id));
            Assert.Equal(1, scenario.Presentations(token));
        }
    }

    private static bool Answers(Scenario scenario, string id)
    {
        try
        {
            return scenario.GetToken(id) is AccessResult.Granted;
        }
        catch (Exception exception) when (exception is StorageException or VaultException)
        {
            return false;
        }
    }
}
