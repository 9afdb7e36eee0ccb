using System.Net;
using FinxFunctions.Callback;
using FinxFunctions.Finx;
using FinxFunctions.Links;
using FinxFunctions.Simulation.Tests.Staging;
using FinxFunctions.State;

namespace FinxFunctions.Simulation.Tests.Callback;

/// <summary>A user's consent is not thrown away while finX stumbles: the code is presented again for as long as it may live.</summary>
public sealed class LivingCodeTests
{
    private const string MaintenancePage = "<!doctype html><html><body><h1>We will be back soon</h1></body></html>";

    private readonly Scenario _scenario = new();
    private readonly CreatedLink _link;
    private readonly CallbackQuery _query;

    public LivingCodeTests()
    {
        _link = _scenario.CreateLink();
        _query = _scenario.Finish(_link);
        _scenario.Script.Forget();
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable, "")]
    [InlineData(HttpStatusCode.TooManyRequests, "")]
    [InlineData(HttpStatusCode.BadGateway, MaintenancePage)]
    [InlineData(HttpStatusCode.Found, "")]
    [InlineData(HttpStatusCode.Forbidden, MaintenancePage)]
    [InlineData(HttpStatusCode.NotFound, MaintenancePage)]
    [InlineData(HttpStatusCode.OK, MaintenancePage)]
    [InlineData(HttpStatusCode.OK, "")]
    [InlineData(HttpStatusCode.Unauthorized, """{"error":"invalid_client"}""")]
    public void An_odd_answer_for_eight_seconds_costs_no_consent(HttpStatusCode status, string body)
    {
        _scenario.Script.On("token", ScriptedFault.Answers(status, body), times: 4);
        var began = _scenario.Now;

        Assert.Equal("connected", Walk(_query)["status"]);

        Assert.InRange(_scenario.Now - began, TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(30));
        Assert.Equal(5, _scenario.Presentations(_query.Code!));
    }

    [Fact]
    public void Two_resets_in_a_row_cost_no_consent()
    {
        _scenario.Script.On("token", ScriptedFault.NoAnswer(), times: 2);

        Assert.Equal("connected", Onward(_scenario.Return(_query))["status"]);
    }

    [Fact]
    public void A_node_of_finX_that_learns_of_the_code_late_costs_no_consent()
    {
        _scenario.Script.On("token", ScriptedFault.Refuses());

        Assert.Equal("connected", Onward(_scenario.Return(_query))["status"]);

        Assert.Equal(2, _scenario.Presentations(_query.Code!));
    }

    [Fact]
    public void An_outage_of_a_quarter_of_an_hour_costs_no_consent_and_finX_is_asked_at_growing_intervals()
    {
        _scenario.Script.On("token", ScriptedFault.Answers(HttpStatusCode.ServiceUnavailable), times: 60);
        var began = _scenario.Now;

        Assert.Equal("connected", Walk(_query)["status"]);

        Assert.InRange(_scenario.Now - began, TimeSpan.FromMinutes(12), TimeSpan.FromMinutes(20));
        Assert.InRange(_scenario.DueTimes(_link.ConnectionId).Count, 1, 3);
    }

    [Theory]
    [InlineData(3600, 55, 80)]
    [InlineData(20, 20, 33)]
    public void What_finX_asks_for_is_honoured_up_to_a_minute(int wish, int least, int most)
    {
        _scenario.Script.On("token", ScriptedFault.Answers(HttpStatusCode.ServiceUnavailable, "", TimeSpan.FromSeconds(wish)));
        var began = _scenario.Now;

        Assert.Equal("connected", Walk(_query)["status"]);

        Assert.InRange(_scenario.Now - began, TimeSpan.FromSeconds(least), TimeSpan.FromSeconds(most));
        Assert.Equal(2, _scenario.Presentations(_query.Code!));
    }

    [Fact]
    public void While_it_waits_the_page_is_answered_within_the_limit()
    {
        _scenario.Script.On("token", ScriptedFault.Late(TimeSpan.FromSeconds(25)));
        var began = _scenario.Now;

        Assert.IsType<CallbackOutcome.Unfinished>(_scenario.Return(_query));

        Assert.InRange(_scenario.Now - began, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(11));
        Assert.Equal("connected", Walk(_query)["status"]);
        Assert.Equal(1, _scenario.Presentations(_query.Code!));
    }

    [Fact]
    public void The_lease_is_suspended_and_says_that_finX_did_not_act()
    {
        _scenario.Script.On("token", ScriptedFault.Answers(HttpStatusCode.ServiceUnavailable), times: 100);

        Assert.IsType<CallbackOutcome.Unfinished>(_scenario.Return(_query));
        _scenario.Settle();

        var lease = _scenario.Snapshot(_link.ConnectionId).Lease!;
        Assert.Equal(("", false, false, LeaseKind.Exchange), (lease.Holder, lease.Unanswered, lease.Ambiguous, lease.Kind));
        Assert.InRange(lease.Failures, 3, 5);
        Assert.Equal(LinkStatus.Returned, _scenario.Snapshot(_link.ConnectionId).Links.Single().Status);
    }

    [Fact]
    public void Where_the_browser_is_gone_the_timer_goes_on()
    {
        _scenario.Script.On("token", ScriptedFault.Answers(HttpStatusCode.ServiceUnavailable), times: 6);
        Assert.IsType<CallbackOutcome.Unfinished>(_scenario.Return(_query));

        for (var ticks = 0; ticks < 4; ticks++)
        {
            _scenario.Pass(TimeSpan.FromMinutes(5));
            _scenario.Tick();
        }

        Assert.Equal(ConnectionStatus.Active, _scenario.Connection(_link.ConnectionId).Status);
    }

    [Fact]
    public void A_code_whose_life_is_over_is_not_presented_by_the_timer()
    {
        _scenario.Script.On("token", ScriptedFault.Answers(HttpStatusCode.ServiceUnavailable), times: 100);
        Assert.IsType<CallbackOutcome.Unfinished>(_scenario.Return(_query));
        _scenario.Pass(TimeSpan.FromHours(2));
        var before = _scenario.Presentations(_query.Code!);

        _scenario.Tick();

        Assert.Equal(before, _scenario.Presentations(_query.Code!));
        Assert.Equal((LinkStatus.Failed, "finx_unavailable"), (_scenario.Snapshot(_link.ConnectionId).Links.Single().Status, _scenario.Snapshot(_link.ConnectionId).Links.Single().Error));
        Assert.Null(_scenario.Snapshot(_link.ConnectionId).Lease);
    }

    [Fact]
    public void Throttled_refreshes_do_not_open_the_circuit()
    {
        var others = Enumerable.Range(0, 26).Select(_ => _scenario.Connect()).ToList();
        _scenario.Script.On("token", ScriptedFault.Answers(HttpStatusCode.TooManyRequests), times: 26);

        others.ForEach(id => _scenario.Refresh(id));

        Assert.False(_scenario.Get<FinxTokenClient>().IsCircuitOpen);
    }

    [Fact]
    public void Failed_refreshes_do_not_keep_a_code_from_finX()
    {
        var others = Enumerable.Range(0, 26).Select(_ => _scenario.Connect()).ToList();
        _scenario.Pass(TimeSpan.FromMinutes(2));
        _scenario.Script.On("token", ScriptedFault.Answers(HttpStatusCode.BadGateway), times: 26);
        foreach (var id in others)
        {
            _scenario.Refresh(id);
        }

        _scenario.Script.Clear();
        Assert.True(_scenario.Get<FinxTokenClient>().IsCircuitOpen);
        var began = _scenario.Now;

        Assert.Equal("connected", Onward(_scenario.Return(_query))["status"]);

        Assert.True(_scenario.Now - began < TimeSpan.FromSeconds(1), $"{_scenario.Now - began}");
    }

    [Fact]
    public void A_vault_that_goes_down_while_the_code_waits_does_not_matter()
    {
        _scenario.Script.On("token", ScriptedFault.Answers(HttpStatusCode.ServiceUnavailable), times: 3);
        _scenario.Script.On("list", ScriptedFault.Fails(), times: 1000);
        _scenario.Script.On("get", ScriptedFault.Fails(), skip: 2, times: 1000);
        var began = _scenario.Now;

        Assert.Equal("connected", Walk(_query)["status"]);

        Assert.True(_scenario.Now - began < TimeSpan.FromSeconds(15), $"{_scenario.Now - began}");
    }

    /// <summary>A browser that reloads the page that waits.</summary>
    private IReadOnlyDictionary<string, string> Walk(CallbackQuery query)
    {
        for (var reloads = 0; reloads < 1000; reloads++)
        {
            if (_scenario.Return(query) is CallbackOutcome.Finished { Outcome: var outcome })
            {
                return outcome;
            }

            _scenario.Pass(TimeSpan.FromSeconds(2));
        }

        throw new InvalidOperationException("The page waits for ever.");
    }

    private static IReadOnlyDictionary<string, string> Onward(CallbackOutcome outcome) => Assert.IsType<CallbackOutcome.Finished>(outcome).Outcome;
}
