using System.Security.Cryptography;
using FinxFunctions.KeyVault;

namespace FinxFunctions.Simulation.Tests.KeyVault;

public sealed class AesGcmCipherTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, AesGcmCipher.KeySize).Select(index => (byte)index)];

    [Theory]
    [InlineData("")]
    [InlineData("token")]
    public void What_was_encrypted_can_be_decrypted(string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);

        var opened = AesGcmCipher.Decrypt(Key, AesGcmCipher.Encrypt(Key, bytes, "here"u8), "here"u8);

        Assert.Equal(bytes, opened);
    }

    [Fact]
    public void No_two_encryptions_are_alike()
    {
        var (one, other) = (AesGcmCipher.Encrypt(Key, "token"u8, "here"u8), AesGcmCipher.Encrypt(Key, "token"u8, "here"u8));

        Assert.NotEqual(one[..12], other[..12]);
        Assert.Equal(12 + 16 + 5, one.Length);
    }

    [Fact]
    public void It_cannot_be_decrypted_in_another_place() =>
        Assert.Throws<AuthenticationTagMismatchException>(() => AesGcmCipher.Decrypt(Key, AesGcmCipher.Encrypt(Key, "token"u8, "here"u8), "there"u8));

    [Fact]
    public void It_cannot_be_decrypted_once_changed()
    {
        var changed = AesGcmCipher.Encrypt(Key, "token"u8, "here"u8);
        changed[^1] ^= 1;

        Assert.Throws<AuthenticationTagMismatchException>(() => AesGcmCipher.Decrypt(Key, changed, "here"u8));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(27)]
    public void Less_than_nonce_and_tag_is_no_ciphertext(int length)
    {
        var refusal = Assert.Throws<CryptographicException>(() => AesGcmCipher.Decrypt(Key, new byte[length], "here"u8));

        Assert.Equal("Too short to be a ciphertext.", refusal.Message);
    }
}
