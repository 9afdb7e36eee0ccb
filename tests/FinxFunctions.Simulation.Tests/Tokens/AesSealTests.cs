using System.Security.Cryptography;
using Finx.Tokens;

namespace FinxFunctions.Simulation.Tests.Tokens;

public sealed class AesSealTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, AesSeal.KeySize).Select(index => (byte)index)];

    [Theory]
    [InlineData("")]
    [InlineData("token")]
    public void What_was_sealed_opens(string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);

        var opened = AesSeal.Open(Key, AesSeal.Seal(Key, bytes, "here"u8), "here"u8);

        Assert.Equal(bytes, opened);
    }

    [Fact]
    public void No_two_sealings_are_alike()
    {
        var (one, other) = (AesSeal.Seal(Key, "token"u8, "here"u8), AesSeal.Seal(Key, "token"u8, "here"u8));

        Assert.NotEqual(one[..12], other[..12]);
        Assert.Equal(12 + 16 + 5, one.Length);
    }

    [Fact]
    public void It_opens_nowhere_else() =>
        Assert.Throws<AuthenticationTagMismatchException>(() => AesSeal.Open(Key, AesSeal.Seal(Key, "token"u8, "here"u8), "there"u8));

    [Fact]
    public void It_does_not_open_once_changed()
    {
        var changed = AesSeal.Seal(Key, "token"u8, "here"u8);
        changed[^1] ^= 1;

        Assert.Throws<AuthenticationTagMismatchException>(() => AesSeal.Open(Key, changed, "here"u8));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(27)]
    public void Less_than_nonce_and_tag_was_never_sealed(int length)
    {
        var refusal = Assert.Throws<CryptographicException>(() => AesSeal.Open(Key, new byte[length], "here"u8));

        Assert.Equal("Too short to have been sealed.", refusal.Message);
    }
}
