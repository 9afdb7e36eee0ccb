using System.Net;
using FinxFunctions.Rotation;
using FinxFunctions.Simulation.Tests.Staging;

namespace FinxFunctions.Simulation.Tests.KeyVault;

/// <summary>A token pair larger than a secret may be goes through the protocol as any other.</summary>
public sealed class LargeTokenPairTests
{
    private readonly Scenario _scenario = new();

    [Fact]
    public void It_lies_in_a_row_for_as_long_as_it_is_in_use()
    {
        var id = _scenario.Connect();
        _scenario.Script.On("token", ScriptedFault.Answers(HttpStatusCode.OK, $$"""{"access_token":"{{new string('a', 30_000)}}","refresh_token":"~token~r"}"""));

        var large = Assert.IsType<RotationOutcome.Rotated>(_scenario.Refresh(id)).Pair;

        Assert.Equal(large, _scenario.Pair(id));
        Assert.True(_scenario.Connection(id).HasOverflow);
        Assert.NotNull(_scenario.Snapshot(id).Overflow);
        _scenario.Script.On("token", ScriptedFault.Grants());
        var small = Assert.IsType<RotationOutcome.Rotated>(_scenario.Refresh(id)).Pair;
        Assert.Equal(small, _scenario.Pair(id));
        Assert.False(_scenario.Connection(id).HasOverflow);
        Assert.Null(_scenario.Snapshot(id).Overflow);
    }
}
