using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FinxFunctions.Authorization;
using FinxFunctions.Callback;
using FinxFunctions.KeyVault;
using FinxFunctions.Links;
using FinxFunctions.Primitives;
using FinxFunctions.Simulation.Tests.Staging;
using FinxFunctions.State;

namespace FinxFunctions.Simulation.Tests.Callback;

/// <summary>A flow that is bound to the browser in which it began.</summary>
public sealed class ConfirmTests
{
    private static readonly Secret Verifier = new("the-browser-that-began-keeps-this-secret-1234");
    private static readonly string Challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier.Reveal())));

    private readonly Scenario _scenario = new();
    private readonly CreatedLink _link;
    private readonly CallbackQuery _query;

    public ConfirmTests()
    {
        _link = _scenario.CreateLink(challenge: Challenge);
        _query = _scenario.Finish(_link);
        _scenario.Script.Forget();
        _scenario.Logs.Clear();
    }

    [Fact]
    public void The_return_stores_the_code_encrypted_and_exchanges_nothing()
    {
        var onward = Assert.IsType<CallbackOutcome.Finished>(_scenario.Return(_query));

        Assert.Equal("confirm", onward.Outcome["status"]);
        Assert.DoesNotContain("token", _scenario.Script.Calls);
        Assert.Equal(LinkStatus.Held, Link().Status);
        Assert.Equal(_query.Code!.Reveal(), _scenario.Do((DataKeys dataKeys) => dataKeys.DecryptTextAsync(Link().Code!, _link.ConnectionId, CancellationToken.None)));
        Assert.Equal([60], _scenario.Events);
    }

    [Fact]
    public void The_right_verifier_connects_and_can_be_presented_again()
    {
        _scenario.Return(_query);

        Assert.Equal(Confirmation.Connected, Confirm());
        Assert.Equal(Confirmation.Connected, Confirm());

        Assert.Equal((ConnectionStatus.Active, 1), (_scenario.Connection(_link.ConnectionId).Status, _scenario.Presentations(_query.Code!)));
        Assert.Equal((LinkStatus.Connected, null), (Link().Status, Link().Code));
    }

    [Fact]
    public void Any_other_verifier_confirms_nothing()
    {
        _scenario.Return(_query);

        Assert.Equal(Confirmation.NothingToConfirm, Confirm(verifier: new Secret("another")));

        Assert.Equal(LinkStatus.Held, Link().Status);
    }

    [Fact]
    public void Before_the_return_there_is_nothing_to_confirm() => Assert.Equal(Confirmation.NothingToConfirm, Confirm());

    [Fact]
    public void After_a_cancellation_there_is_nothing_to_confirm()
    {
        _scenario.Return(_query with { IsCancelled = true });

        Assert.Equal(Confirmation.NothingToConfirm, Confirm());
    }

    [Fact]
    public void A_flow_that_failed_cannot_be_confirmed()
    {
        _scenario.Return(_query with { IsSuccess = false });

        Assert.Equal(Confirmation.Failed, Confirm());
    }

    [Fact]
    public void A_code_that_finX_refuses_fails_the_confirmation()
    {
        _scenario.Return(_query);
        _scenario.Script.On("token", ScriptedFault.Refuses(), times: 2);

        Assert.Equal(Confirmation.Failed, Confirm());
    }

    [Fact]
    public void A_connection_of_another_caller_is_unknown()
    {
        _scenario.Return(_query);

        Assert.Equal(Confirmation.UnknownConnection, Confirm(caller: new Caller("another")));

        Assert.Equal(LinkStatus.Held, Link().Status);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("0123456789abcdef0123456789abcdef")]
    public void A_text_that_is_no_id_is_unknown(string id)
    {
        Assert.Equal(Confirmation.UnknownConnection, Confirm(id: id));

        Assert.Equal(ConnectionId.IsValid(id), _scenario.Script.Calls.Contains("connections.query"));
    }

    [Fact]
    public void A_deleted_connection_is_unknown()
    {
        _scenario.Return(_query);
        _scenario.Change(_link.ConnectionId, row => row with { Status = ConnectionStatus.Deleted });

        Assert.Equal(Confirmation.UnknownConnection, Confirm());
    }

    [Fact]
    public void A_confirmation_waits_for_an_exchange_in_another_process()
    {
        _scenario.Return(_query);
        var other = _scenario.OtherProcess();
        other.Script.On("token", ScriptedFault.Late(TimeSpan.FromSeconds(5)));
        var first = Begin(other);
        _scenario.Pass(TimeSpan.FromSeconds(1));
        _scenario.Script.Forget();

        Assert.Equal(Confirmation.Connected, Confirm());

        Assert.Equal(Confirmation.Connected, other.Await(first));
        Assert.Equal(1, _scenario.Presentations(_query.Code!));
        Assert.InRange(_scenario.Script.Calls.Count, 13, 15);
    }

    [Fact]
    public void The_wait_has_a_limit()
    {
        _scenario.Return(_query);
        var other = _scenario.OtherProcess();
        other.Script.On("token", ScriptedFault.Late(TimeSpan.FromSeconds(20)));
        _ = Begin(other);
        _scenario.Pass(TimeSpan.FromSeconds(1));
        var began = _scenario.Now;

        Assert.Equal(Confirmation.Busy, Confirm());

        Assert.InRange(_scenario.Now - began, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10.4));
    }

    [Fact]
    public void After_a_crash_a_confirmation_recovers_the_lease()
    {
        _scenario.Return(_query);
        var other = _scenario.OtherProcess();
        other.Script.On("set", ScriptedFault.Kills(acts: false));
        _ = Begin(other);
        _scenario.Pass(TimeSpan.FromSeconds(100));

        Assert.Equal(Confirmation.Connected, Confirm());

        Assert.Equal(1, _scenario.Presentations(_query.Code!));
    }

    [Fact]
    public void With_a_store_down_the_caller_gets_its_exception()
    {
        _scenario.Return(_query);
        _scenario.Script.On("connections.query", ScriptedFault.Fails());

        Assert.Throws<StorageException>(() => Confirm());
    }

    private Confirmation Confirm(string? id = null, Secret? verifier = null, Caller? caller = null) =>
        _scenario.Do((ConfirmationService confirmations) => confirmations.ConfirmAsync(caller ?? Caller.WithKey, id ?? _link.ConnectionId, verifier ?? Verifier, CancellationToken.None));

    private Task<Confirmation> Begin(Scenario scenario) => scenario.Begin((ConfirmationService confirmations) => confirmations.ConfirmAsync(Caller.WithKey, _link.ConnectionId, Verifier, CancellationToken.None));

    private Link Link() => _scenario.Snapshot(_link.ConnectionId).Links.Single();
}
