using System.Text.Json;
using FinxFunctions.Primitives;

namespace FinxFunctions.Simulation.Tests.Primitives;

public sealed class SecretTests
{
    private readonly Secret _secret = new("abc");

    [Fact]
    public void It_does_not_print_itself()
    {
        Assert.Equal("[redacted]", _secret.ToString());
        Assert.Equal("abc", _secret.Reveal());
    }

    [Fact]
    public void Its_hash_is_SHA_256_in_hex() =>
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", _secret.Hash());

    [Fact]
    public void It_equals_what_holds_the_same()
    {
        object same = new Secret("abc");

        Assert.True(_secret.Equals(same));
        Assert.Equal(same.GetHashCode(), _secret.GetHashCode());
        Assert.NotEqual(new Secret("abd").GetHashCode(), _secret.GetHashCode());
        Assert.False(_secret.Equals(new Secret("abd")));
        Assert.False(_secret.Equals(null));
        Assert.False(_secret.Equals((object)"abc"));
    }

    [Fact]
    public void It_is_a_string_in_JSON()
    {
        Assert.Equal("\"abc\"", JsonSerializer.Serialize(_secret));
        Assert.Equal(_secret, JsonSerializer.Deserialize<Secret>("\"abc\""));
        Assert.Null(JsonSerializer.Deserialize<Secret>("null"));
    }
}
