using System.Net;
using FinxFunctions.Callback;
using FinxFunctions.Connections;
using FinxFunctions.Finx;
using FinxFunctions.Primitives;
using FinxFunctions.Simulation.Tests.Staging;
using FinxFunctions.State;

namespace FinxFunctions.Simulation.Tests.Callback;

/// <summary>Users who return late, twice, without a verdict, or after their connection was deleted.</summary>
public sealed class LateReturnTests
{
    private readonly Scenario _scenario = new();

    [Theory]
    [InlineData(61)]
    [InlineData(60 * 23)]
    public void A_late_return_with_a_fresh_code_is_exchanged(int minutes)
    {
        var link = _scenario.CreateLink();
        _scenario.Pass(TimeSpan.FromMinutes(minutes));

        Assert.Equal("connected", Status(_scenario.Return(_scenario.Finish(link))));
    }

    [Fact]
    public void A_late_return_without_a_code_is_unknown()
    {
        var link = _scenario.CreateLink();
        _scenario.Pass(TimeSpan.FromMinutes(61));

        Assert.IsType<CallbackOutcome.Unknown>(_scenario.Return(_scenario.Finish(link) with { Code = null }));
    }

    [Theory]
    [InlineData("state alone")]
    [InlineData("cancel")]
    [InlineData("no success")]
    [InlineData("a cut code")]
    public void A_good_code_wins_over_an_earlier_return_without_a_verdict(string first)
    {
        var link = _scenario.CreateLink();
        var good = _scenario.Finish(link);
        var earlier = first switch
        {
            "state alone" => new CallbackQuery(good.State, null, null, null, IsCancelled: false),
            "cancel" => good with { Code = null, IsSuccess = null, IsCancelled = true },
            "no success" => good with { IsSuccess = false },
            _ => good with { Code = new Secret(good.Code!.Reveal()[..^1]) },
        };
        _scenario.Script.On("token", ScriptedFault.Refuses(), times: first == "a cut code" ? 2 : 0);
        Assert.Equal(first == "cancel" ? "cancelled" : "failed", Status(_scenario.Return(earlier)));

        Assert.Equal("connected", Status(_scenario.Return(good)));

        Assert.Null(_scenario.Snapshot(link.ConnectionId).Links.Single().Error);
        Assert.Equal("connected", Status(_scenario.Return(earlier)));
    }

    [Fact]
    public void A_refused_code_gets_the_same_answer_again_and_is_not_presented_again()
    {
        var link = _scenario.CreateLink();
        var query = _scenario.Finish(link);
        _scenario.Script.On("token", ScriptedFault.Refuses(), times: 2);
        var first = Onward(_scenario.Return(query));

        var second = Onward(_scenario.Return(query));

        Assert.Equal(first.Location, second.Location);
        Assert.Equal(2, _scenario.Presentations(query.Code!));
    }

    [Fact]
    public void Of_two_refused_codes_none_is_presented_again()
    {
        var link = _scenario.CreateLink();
        var query = _scenario.Finish(link);
        _scenario.Script.On("token", ScriptedFault.Refuses(), times: 1000);
        var codes = Enumerable.Range(1, 8).Select(number => query with { Code = new Secret($"code-{number}") }).ToList();
        Assert.All(codes, code => Assert.Equal("failed", Status(_scenario.Return(code))));
        _scenario.Script.Forget();

        Assert.All(codes, code => Assert.Equal("failed", Status(_scenario.Return(code))));

        Assert.DoesNotContain("token", _scenario.Script.Calls);
        Assert.Equal((8 * 64) + 7, _scenario.Snapshot(link.ConnectionId).Links.Single().CodeHash!.Length);
        Assert.Equal("failed", Status(_scenario.Return(query with { Code = new Secret("code-9") })));
        Assert.Equal((8 * 64) + 7, _scenario.Snapshot(link.ConnectionId).Links.Single().CodeHash!.Length);
    }

    [Fact]
    public void Of_two_codes_at_once_the_later_one_has_its_turn_if_the_first_is_refused()
    {
        var link = _scenario.CreateLink();
        var good = _scenario.Finish(link);
        var cut = good with { Code = new Secret("cut") };
        var other = _scenario.OtherProcess();
        other.Script.On("token", ScriptedFault.Answers(HttpStatusCode.BadRequest, """{"error":"invalid_grant"}""") with { Delay = TimeSpan.FromSeconds(4) });
        var first = other.Begin((CallbackService callback) => callback.HandleAsync(cut, CancellationToken.None));
        _scenario.Pass(TimeSpan.FromSeconds(1));

        Assert.Equal("connected", Status(_scenario.Return(good)));

        Assert.Equal("connected", Status(other.Await(first)));
        Assert.Equal(1, _scenario.Presentations(good.Code!));
    }

    [Fact]
    public void Of_two_codes_that_wait_for_finX_none_is_presented_without_a_pause()
    {
        var link = _scenario.CreateLink();
        var one = _scenario.Finish(link);
        var two = one with { Code = new Secret("two") };
        _scenario.Script.On("token", ScriptedFault.Answers(HttpStatusCode.ServiceUnavailable), times: 1000);
        foreach (var query in Enumerable.Range(0, 5).SelectMany(_ => new[] { one, two }))
        {
            Assert.IsType<CallbackOutcome.Unfinished>(_scenario.Return(query));
        }

        Assert.InRange(_scenario.Script.Calls.Count(call => call == "token"), 8, 16);
    }

    [Fact]
    public void A_flow_that_gave_way_to_another_code_goes_on_after_it()
    {
        var id = _scenario.Connect();
        var (one, two) = (_scenario.Finish(_scenario.CreateLink(id)), _scenario.Finish(_scenario.CreateLink(id)));
        _scenario.Script.On("token", ScriptedFault.Answers(HttpStatusCode.ServiceUnavailable, "", TimeSpan.FromMinutes(1)));
        Assert.IsType<CallbackOutcome.Unfinished>(_scenario.Return(one));
        _scenario.Script.On("token", ScriptedFault.Refuses(), times: 2);

        Assert.Equal("failed", Status(_scenario.Return(two)));
        Assert.Equal("connected", Status(_scenario.Return(one)));
        _scenario.Settle();

        Assert.Equal(2, _scenario.Connection(id).Generation);
    }

    [Fact]
    public void A_second_code_after_the_connection_is_active_through_another_link_is_a_renewal()
    {
        var first = _scenario.CreateLink();
        var second = _scenario.CreateLink(first.ConnectionId);
        Assert.Equal("connected", Status(_scenario.Return(_scenario.Finish(first))));

        Assert.Equal("connected", Status(_scenario.Return(_scenario.Finish(second))));
        _scenario.Settle();

        Assert.Equal(2, _scenario.Connection(first.ConnectionId).Generation);
    }

    [Fact]
    public void A_return_to_a_connection_whose_deletion_began_connects_nothing()
    {
        var id = _scenario.Connect();
        var query = _scenario.Finish(_scenario.CreateLink(id));
        _scenario.Script.On("revoke", ScriptedFault.Answers(HttpStatusCode.ServiceUnavailable), times: 1000);
        Delete(id);
        Assert.Equal(ConnectionStatus.Deleted, _scenario.Connection(id).Status);
        _scenario.Script.Forget();

        for (var returns = 0; returns < 4; returns++)
        {
            Assert.IsType<CallbackOutcome.Unknown>(_scenario.Return(query));
            _scenario.Pass(TimeSpan.FromMinutes(2));
        }

        Assert.Equal(ConnectionStatus.Deleted, _scenario.Connection(id).Status);
        Assert.DoesNotContain("token", _scenario.Script.Calls);
    }

    [Fact]
    public void A_deletion_that_comes_between_the_read_and_the_exchange_stands()
    {
        var id = _scenario.Connect();
        var query = _scenario.Finish(_scenario.CreateLink(id));
        _scenario.Script.On("connections.submit", ScriptedFault.After(() => _scenario.OtherProcess().Change(id, row => row with { Status = ConnectionStatus.Deleted })));

        Assert.IsType<CallbackOutcome.Unknown>(_scenario.Return(query));

        Assert.Equal(ConnectionStatus.Deleted, _scenario.Connection(id).Status);
        Assert.Equal(0, _scenario.Presentations(query.Code!));
    }

    private void Delete(string id)
    {
        try
        {
            _scenario.Do((ConnectionDeletion deletion) => deletion.DeleteAsync("function-key", id));
        }
        catch (FinxException)
        {
            // finX did not revoke the token. The timer goes on.
        }
    }

    private static CallbackOutcome.Finished Onward(CallbackOutcome outcome) => Assert.IsType<CallbackOutcome.Finished>(outcome);

    private static string Status(CallbackOutcome outcome) => Onward(outcome).Outcome["status"];
}
