using FinxFunctions.Links;

namespace FinxFunctions.Tests.Links;

public class FlowStateTests
{
    private const string Id = "00112233445566778899aabbccddeeff";

    [Fact]
    public void A_state_leads_back_to_its_connection_and_its_link()
    {
        var (state, text) = FlowState.New(Id);

        Assert.Equal(state, FlowState.TryParse(text));
        Assert.Equal(Id, state.ConnectionId);
    }

    [Fact]
    public void A_state_is_64_URL_safe_characters_and_its_key_does_not_give_it_away()
    {
        var (state, text) = FlowState.New(Id);

        Assert.Matches("^[A-Za-z0-9_-]{64}$", text);
        Assert.Matches("^[0-9a-f]{64}$", state.Key);
        Assert.DoesNotContain(text, state.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void No_two_states_are_the_same() =>
        Assert.Equal(1_000, Enumerable.Range(0, 1_000).Select(_ => FlowState.New(Id).Text).Distinct().Count());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")] // 63
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")] // 65
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA ")]
    [InlineData("                                                                ")]
    [InlineData("äAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void What_is_not_a_state_of_ours_is_none(string? text) => Assert.Null(FlowState.TryParse(text));
}
