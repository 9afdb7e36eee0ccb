using System.Net;
using Finx.Tokens;
using FinxFunctions.Simulation.Tests.Staging;

namespace FinxFunctions.Simulation.Tests.Tokens;

/// <summary>A token pair larger than a secret may be goes through the protocol as any other.</summary>
public sealed class LargePairTests
{
    private readonly Stage _stage = new();

    [Fact]
    public void It_lies_in_a_row_for_as_long_as_it_is_in_use()
    {
        var id = _stage.Connect();
        _stage.Script.On("token", Mishap.Answers(HttpStatusCode.OK, $$"""{"access_token":"{{new string('a', 30_000)}}","refresh_token":"~token~r"}"""));

        var large = Assert.IsType<RotationOutcome.Rotated>(_stage.Refresh(id)).Pair;

        Assert.Equal(large, _stage.Pair(id));
        Assert.True(_stage.Connection(id).HasOverflow);
        Assert.NotNull(_stage.Snapshot(id).Overflow);
        _stage.Script.On("token", Mishap.Grants());
        var small = Assert.IsType<RotationOutcome.Rotated>(_stage.Refresh(id)).Pair;
        Assert.Equal(small, _stage.Pair(id));
        Assert.False(_stage.Connection(id).HasOverflow);
        Assert.Null(_stage.Snapshot(id).Overflow);
    }
}
