using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FinxFunctions.Authorization;
using FinxFunctions.Callback;
using FinxFunctions.Links;
using FinxFunctions.Primitives;
using FinxFunctions.Simulation.Tests.Staging;
using FinxFunctions.State;

namespace FinxFunctions.Simulation.Tests.Callback;

/// <summary>A user is answered once finX's answer is persisted, whatever the vault does.</summary>
public sealed class AnsweredUserTests
{
    private static readonly Secret Verifier = new("the-browser-that-began-keeps-this-secret-1234");
    private static readonly string Challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier.Reveal())));

    private readonly Scenario _scenario = new();

    [Fact]
    public void With_the_vault_down_for_minutes_every_return_says_connected_in_this_process_and_in_another()
    {
        var query = _scenario.Finish(_scenario.CreateLink());
        var other = _scenario.OtherProcess();
        foreach (var process in new[] { _scenario, other })
        {
            process.Script.On("set", ScriptedFault.Fails(), times: 1000);
        }

        Assert.Equal("connected", Status(_scenario.Return(query)));
        for (var reloads = 0; reloads < 4; reloads++)
        {
            _scenario.Pass(TimeSpan.FromMinutes(1));
            var began = _scenario.Now;
            Assert.Equal("connected", Status(other.Return(query)));
            Assert.True(_scenario.Now - began < TimeSpan.FromSeconds(1));
        }

        Assert.Equal(1, _scenario.Presentations(query.Code!));
    }

    [Fact]
    public void Where_the_process_is_gone_a_reload_finishes_behind_the_user()
    {
        var link = _scenario.CreateLink();
        var query = _scenario.Finish(link);
        _scenario.Script.On("set", ScriptedFault.Kills(acts: false));
        _ = _scenario.Begin((CallbackService callback) => callback.HandleAsync(query, CancellationToken.None));
        _scenario.Pass(TimeSpan.FromSeconds(100));
        var other = _scenario.OtherProcess();

        Assert.Equal("connected", Status(other.Return(query)));
        other.Settle();

        Assert.Equal((ConnectionStatus.Active, 1), (other.Connection(link.ConnectionId).Status, other.Connection(link.ConnectionId).Generation));
        Assert.Equal(1, other.Presentations(query.Code!));
    }

    [Fact]
    public void And_so_for_a_confirmation()
    {
        var link = _scenario.CreateLink(challenge: Challenge);
        _scenario.Return(_scenario.Finish(link));
        var other = _scenario.OtherProcess();
        foreach (var process in new[] { _scenario, other })
        {
            process.Script.On("set", ScriptedFault.Fails(), times: 1000);
        }

        Assert.Equal(Confirmation.Connected, Confirm(_scenario, link));

        var began = _scenario.Now;
        Assert.Equal(Confirmation.Connected, Confirm(other, link));
        Assert.True(_scenario.Now - began < TimeSpan.FromSeconds(1));
    }

    private static Confirmation Confirm(Scenario scenario, CreatedLink link) =>
        scenario.Do((ConfirmationService confirmations) => confirmations.ConfirmAsync(Caller.WithKey, link.ConnectionId, Verifier, CancellationToken.None));

    private static string Status(CallbackOutcome outcome) => Assert.IsType<CallbackOutcome.Finished>(outcome).Outcome["status"];
}
