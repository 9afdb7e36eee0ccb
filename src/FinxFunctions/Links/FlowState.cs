using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace FinxFunctions.Links;

/// <summary>
/// The <c>state</c> that correlates a callback with its link (RFC 6749, section 10.12): the connection's id, by which its rows are found, and
/// 256 random bits, by which the sender proves to have been sent. 64 URL-safe characters; only its SHA-256 is stored.
/// </summary>
/// <param name="Key">SHA-256 of the state, in hex.</param>
public sealed record FlowState(string ConnectionId, string Key)
{
    private const int RandomBytes = 32;
    private const int IdBytes = 16;

    /// <summary>Makes a new state; the text is for finX alone.</summary>
    public static (FlowState State, string Text) New(string connectionId)
    {
        Span<byte> bytes = stackalloc byte[IdBytes + RandomBytes];
        Convert.FromHexString(connectionId, bytes, out _, out _);
        RandomNumberGenerator.Fill(bytes[IdBytes..]);
        var text = Base64Url.EncodeToString(bytes);
        return (new FlowState(connectionId, KeyOf(text)), text);
    }

    /// <summary>Reads a state; null where it is not one of ours.</summary>
    public static FlowState? TryParse(string? text)
    {
        Span<byte> bytes = stackalloc byte[IdBytes + RandomBytes];
        return text is { Length: 64 } && Base64Url.IsValid(text) && Base64Url.TryDecodeFromChars(text, bytes, out var count) && count == bytes.Length
            ? new FlowState(Convert.ToHexStringLower(bytes[..IdBytes]), KeyOf(text))
            : null;
    }

    private static string KeyOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text)));
}
