using FinxFunctions.Callback;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace FinxFunctions.Simulation.Tests.Callback;

public sealed class CallbackQueryTests
{
    [Fact]
    public void A_success_has_a_code_a_state_and_a_flow()
    {
        var query = Read("code=c&state=s&flow_id=f&success=true");

        Assert.Equal(("s", "f", "c"), (query.State, query.FlowId, query.Code!.Reveal()));
        Assert.True(query.IsSuccess);
        Assert.False(query.IsCancelled);
    }

    [Theory]
    [InlineData("success=true", true)]
    [InlineData("success=True", true)]
    [InlineData("success=1", true)]
    [InlineData("success=false", false)]
    [InlineData("success=0", false)]
    [InlineData("success=yes", false)]
    [InlineData("success=", null)]
    [InlineData("", null)]
    public void Success_is_what_it_says(string query, bool? isSuccess) => Assert.Equal(isSuccess, Read(query).IsSuccess);

    [Theory]
    [InlineData("cancel=true", true)]
    [InlineData("cancel=1", true)]
    [InlineData("abort=true", true)]
    [InlineData("abort=TRUE", true)]
    [InlineData("cancel=true&abort=false", true)]
    [InlineData("cancel=false&abort=true", true)]
    [InlineData("abort=false", false)]
    [InlineData("cancel=0", false)]
    [InlineData("", false)]
    public void Both_variants_tell_of_a_cancellation(string query, bool isCancelled) => Assert.Equal(isCancelled, Read(query).IsCancelled);

    [Fact]
    public void What_is_empty_or_absent_is_null()
    {
        Assert.Equal(new CallbackQuery(null, null, null, null, IsCancelled: false), Read("state=&code=&flow_id="));
        Assert.Equal(new CallbackQuery(null, null, null, null, IsCancelled: false), Read("other=1"));
    }

    [Fact]
    public void The_first_of_several_counts() => Assert.Equal("one", Read("state=one&state=two").State);

    private static CallbackQuery Read(string query) => CallbackQuery.Read(new QueryCollection(QueryHelpers.ParseQuery(query)));
}
